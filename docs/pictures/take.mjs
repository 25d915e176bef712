// The pictures of README.md and LEIA-ME.md, from a running demonstration:
//   script/server, and in another terminal: node docs/pictures/take.mjs [http://ianara.localhost:8080]
import path from 'node:path';
import { fileURLToPath } from 'node:url';

process.env.SHOTS = path.dirname(fileURLToPath(import.meta.url));
const { browser, open, login, shot, until } = await import('../../test/browser/lib.mjs');

const base = process.argv[2] ?? 'http://ianara.localhost:8080';
const other = base.replace('//ianara.', '//aurora.');
const password = 'sorriso-aberto-2026';
const morning = `${new Date().toISOString().slice(0, 10)}T13:10:00Z`; // ten past ten at the clinic
const b = await browser();

async function take(name, host, email, file, ready, options = {}) {
	const page = await open(b, `${host}/login`, { fixedTime: morning, ...options });
	await login(page, email, password);
	await page.goto(host + (typeof file === 'string' ? file : await file(page)));
	await until(() => page.locator(ready).first().isVisible(), name);
	await page.evaluate(() => document.fonts.ready);
	await shot(page, name);
	await page.context().close();
}

async function chart(page) {
	await page.goto(`${base}/patients?q=Barreto`);
	const patient = await page.locator('main a[href^="/patients/"]', { hasText: 'Sônia Regina' }).first().getAttribute('href');
	return `${patient}/chart`;
}

await take('agenda', base, 'recepcao@ianara.test', '/agenda', '.ec-event');
await take('odontograma', base, 'dentista@ianara.test', chart, '.odo-box');
await take('funil-escuro', other, 'dona@aurora.test', '/funnel', '.board-card', { dark: true });
await take('celular', base, 'recepcao@ianara.test', '/agenda', '.ec-event', { phone: true });
await b.close();
