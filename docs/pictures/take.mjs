// The pictures of README.md and LEIA-ME.md, from a running demonstration:
//   script/server, and in another terminal: node docs/pictures/take.mjs [http://ianara.localhost:8080]
import path from 'node:path';
import { fileURLToPath } from 'node:url';

process.env.SHOTS = path.dirname(fileURLToPath(import.meta.url));
const { browser, open, login, shot } = await import('../../test/browser/lib.mjs');

const base = process.argv[2] ?? 'http://ianara.localhost:8080';
const other = base.replace('//ianara.', '//aurora.');
const password = 'sorriso-aberto-2026';
const b = await browser();

async function take(name, host, email, file, options = {}) {
	const page = await open(b, `${host}/login`, options);
	await login(page, email, password);
	await page.goto(host + file, { waitUntil: 'networkidle' });
	await shot(page, name);
	await page.context().close();
}

await take('funil', base, 'recepcao@ianara.test', '/funnel');
await take('funil-escuro', other, 'dona@aurora.test', '/funnel', { dark: true });
await take('celular', base, 'recepcao@ianara.test', '/funnel', { phone: true });
await b.close();
