// What must stay small whatever is built on top, and does not depend on how busy a machine is: the round trips of a patient of ten
// years, the largest page's bytes on a second visit. bench/ has the figures that take time.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { base as address, signIn } from '../scenario/http.mjs';
import { browser, close, login, open } from './lib.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const url = (where) => new URL(where, address).href;
let b;

before(async () => (b = await browser()));
after(async () => b.close());

// ---- ten years ----

// What the program itself counts, for one request.
async function trips(person, route, where) {
	const count = async () => {
		const text = await (await fetch(`http://127.0.0.1:${address.port}/metrics`)).text();
		return Number(text.match(new RegExp(`siso_round_trips_total\\{method="GET",route="${route}"\\} (\\d+)`))?.[1] ?? 0);
	};
	const before = await count();
	const answer = await person.get(where, { accept: 'text/html' });
	assert.equal(answer.status, 200, where);
	await new Promise((done) => setTimeout(done, 50)); // it is counted behind the answer
	return { text: answer.text, count: (await count()) - before };
}

test('a patient of ten years is three round trips to PostgreSQL, whatever the tab', async () => {
	const psql = (...args) => execFileSync(path.join(root, 'script/psql'), ['-Atq', ...args], { encoding: 'utf8' }).trim();
	const known = () => psql('-c', "select max(id) from patient.patient where company_id = 1 and name = 'Marta Dez Anos'");
	if (!known()) psql('-f', path.join(root, 'bench/history.sql'));
	const id = known();
	const owner = await signIn('ianara', 'dona@ianara.test');
	for (const tab of ['', '/chart', '/anamnesis', '/notes', '/images', '/plans', '/papers']) {
		const { count, text } = await trips(owner, `/patients/:id${tab}`, `/patients/${id}${tab}`);
		assert.ok(count >= 1 && count <= 3, `${tab || 'summary'}: ${count} round trips`);
		assert.match(text, /Marta Dez Anos/);
	}

	// its timeline: the newest first, and on to the day ten years ago
	const dates = [];
	let page = (await owner.get(`/patients/${id}`)).text, more;
	for (let i = 0; i < 60; i++) {
		dates.push(...[...page.matchAll(/<time[^>]*datetime="(\d{4}-\d\d-\d\d)[^"]*"/g)].map((m) => m[1]));
		more = page.match(/\/events\?before=(\d+)/)?.[1];
		if (!more) break;
		page = (await owner.get(`/patients/${id}/events?before=${more}`)).text;
	}
	assert.equal(more, undefined, 'the timeline ends');
	const years = new Set(dates.map((date) => date.slice(0, 4)));
	assert.ok(years.size >= 10, `years on the timeline: ${[...years]}`);
});

// ---- bytes ----

test('the second visit of the agenda is ten kilobytes, also when the day has changed', async () => {
	const page = await open(b, url('/login'));
	await login(page, 'gerente@ianara.test', 'sorriso-aberto-2026');
	await page.goto(url('/agenda'), { waitUntil: 'load' });
	const cdp = await page.context().newCDPSession(page);
	let bytes = 0;
	await cdp.send('Network.enable');
	cdp.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
	const visit = async (where) => {
		bytes = 0;
		await page.goto(url(where), { waitUntil: 'load' });
		await page.waitForTimeout(150);
		return bytes;
	};
	const same = await visit('/agenda'), other = await visit('/agenda?by=chair');
	assert.ok(same <= 10_240, `unchanged: ${same} bytes`);
	assert.ok(other > 2_000 && other <= 10_240, `another page of the same kind: ${other} bytes`);
	await close(page);
});
