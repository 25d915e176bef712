// Looks at the pages of /design without a server of the program: ui-preview writes them, this serves
// them under the real policy, photographs and checks each in both themes and both sizes, measures the
// contrast of the tokens, and tries the behaviour that needs no database. Prints `N passed, N failed`.
//
//   node preview.mjs UI_PREVIEW STATIC_DIR [word…]     words: only shots whose name has one of them,
//                                                      "contrast", "behaviour"
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { CSP, browser, check, close, open, shot } from './lib.mjs';
import { behaviour } from './preview_behaviour.mjs';
import { contrast } from './preview_contrast.mjs';

const [program, statics, ...only] = process.argv.slice(2);
const pages = await fs.mkdtemp(path.join(os.tmpdir(), 'ui-preview-'));
execFileSync(program, [pages]);
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };

const AURORA = `:root{--brand-h:292;--radius:0.875rem;--primary:oklch(0.470 0.1600 292);--primary-foreground:oklch(0.990 0.0050 292);--ring:oklch(0.600 0.1600 292);}
.dark{--primary:oklch(0.780 0.1300 292);--primary-foreground:oklch(0.200 0.0600 292);--ring:oklch(0.620 0.1600 292);}`;

const moves = []; // what the board sent
const put = []; // what was uploaded
let refuse = 0; // status for the next move

function answerMove(request, response, body) {
	const sent = new URLSearchParams(body);
	moves.push({ ...Object.fromEntries(sent), ids: sent.getAll('ids') });
	if (refuse) {
		response.writeHead(refuse, { 'Content-Type': 'text/html', 'HX-Reswap': 'none' });
		response.end(
			'<div id="toasts" hx-swap-oob="beforeend"><div class="toast tone tone-red" role="alert"><div>Outra pessoa moveu este lead.</div></div></div>',
		);
		refuse = 0;
		return;
	}
	response.writeHead(204).end();
}
const refuseNext = (status) => (refuse = status);

async function file(url, cookie) {
	const page = url.searchParams.get('page') ?? 'design';
	if (url.pathname.startsWith('/static/')) return fs.readFile(path.join(statics, path.basename(url.pathname)));
	if (url.pathname === '/theme.css') return Buffer.from(/aurora/.test(cookie) ? AURORA : '');
	if (url.pathname === '/palette') return Buffer.from(paletteAnswer(url.searchParams.get('q')));
	let html = await fs.readFile(path.join(pages, `${page}.html`), 'utf8');
	if (/theme=dark/.test(cookie)) html = html.replace('<html lang="pt-BR" class="">', '<html lang="pt-BR" class="dark">');
	return Buffer.from(html);
}

const paletteAnswer = (q) =>
	q.startsWith('marta')
		? '<p class="palette-group" role="presentation">Leads</p><a class="palette-item" role="option" aria-selected="false" tabindex="-1" href="/design?page=drawer"><span>Marta Vasconcelos<small>(11) 99631-4420</small></span></a>'
		: '';

const server = http.createServer(async (request, response) => {
	const url = new URL(request.url, 'http://x');
	let body = '';
	for await (const chunk of request) body += chunk;
	if (request.method === 'PATCH') return answerMove(request, response, body);
	if (request.method === 'PUT') {
		put.push({ name: request.headers['x-file-name'], size: body.length });
		return response.writeHead(204).end();
	}
	if (url.pathname === '/healthz') return response.writeHead(200).end('ok');
	if (url.pathname === '/session') return response.writeHead(200, { 'X-User': 'renata@ianarapinho.com.br' }).end('csrf');
	try {
		const bytes = await file(url, request.headers.cookie ?? '');
		const type = types[path.extname(url.pathname)] ?? (url.pathname.endsWith('.woff2') ? 'font/woff2' : types['.html']);
		response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': CSP });
		response.end(bytes);
	} catch {
		response.writeHead(404).end();
	}
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;

const b = await browser();
let passed = 0;
let failed = 0;
const report = (name, problems) => {
	if (problems.length) failed++;
	else passed++;
	if (problems.length) console.log(`FAIL ${name}\n     ${problems.join('\n     ')}`);
};

const names = ['design', 'board', 'empty', 'draft', 'sign-in', 'capture', 'error', 'away', 'nobodys'];
for (const name of names)
	for (const dark of [false, true])
		for (const phone of [false, true]) {
			const title = `${name}-${phone ? 'm' : 'd'}-${dark ? 'dark' : 'light'}`;
			if (only.length && !only.some((word) => title.includes(word))) continue;
			const page = await open(b, null, { phone, dark, fixedTime: '2026-11-24T10:50:00-03:00' });
			await page.context().addCookies([{ name: 'theme', value: dark ? 'dark' : 'light', url: base }]);
			await page.goto(`${base}/design?page=${name}`);
			await page.evaluate(() => document.fonts.ready);
			await shot(page, title, { full: name === 'design' });
			report(title, await check(page));
			await close(page);
		}
for (const name of ['board', 'sign-in', 'design'])
	for (const dark of [false, true]) {
		const title = `${name}-d-${dark ? 'dark' : 'light'}-aurora`;
		if (only.length && !only.some((word) => title.includes(word))) continue;
		const page = await open(b, null, { dark });
		await page.context().addCookies([
			{ name: 'theme', value: dark ? 'dark' : 'light', url: base },
			{ name: 'brand', value: 'aurora', url: base },
		]);
		await page.goto(`${base}/design?page=${name}`);
		await shot(page, title, { full: name === 'design' });
		report(title, await check(page));
		await close(page);
	}
if (!only.length || only.includes('contrast')) await contrast(b, base, report);
if (!only.length || only.includes('behaviour')) await behaviour(b, base, report, { moves, put, refuseNext });
await b.close();
server.close();
await fs.rm(pages, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
