// Two receptions at once, and a server that goes away for real: what one does is with the other within a second, in the
// week and the month too; nobody's hands are disturbed; a drag while the program is restarted loses nothing, and the
// stream of news comes back by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, book, card, freeDay, boxOf, place, serverPid, signedIn, takeUp, toast, visit } from './agenda_lib.mjs';
import { browser, until } from './lib.mjs';

const day = freeDay(16);
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const name = (first) => `${first} ${unique[0].toUpperCase()}${unique.slice(1)}`;
let b, page, other;
let dentists;

const newcomer = async (who, fields, p = page) => {
	const phone = `(11) 9${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
	const answer = await book({ name: who, phone, minutes: 60, dentist_id: dentists[0], date: day, ...fields }, p);
	assert.equal(answer.status, 200, answer.text.slice(0, 300));
};
// What the act is in the one browser, until the other shows it.
const within = async (ms, act, shown) => {
	await act();
	const since = Date.now();
	await until(shown, 'the other browser to see it', 5000);
	assert.ok(Date.now() - since < ms, `it took ${Date.now() - since} ms`);
};

before(async () => {
	b = await browser();
	page = await signedIn(b, 'recepcao');
	other = await signedIn(b, 'gerente');
	await visit(`/agenda?date=${day}`, page);
	dentists = await page.evaluate(() => JSON.parse(document.querySelector('#agenda-data').textContent).columns.map((it) => it.id));
});
after(async () => b.close());

test('booked, moved, confirmed, arrived, cancelled: the other sees each within a second, whatever it looks at', async () => {
	const who = name('Lia');
	await visit(`/agenda?view=week&date=${day}`, other);
	const line = other.locator('.wk', { hasText: who });
	await within(1000, () => newcomer(who, { time: '09:00' }), async () => (await line.count()) === 1);
	await visit(`/agenda?date=${day}`, page);
	const id = (await card(who, page).locator('a.ev').getAttribute('href')).split('/').at(-1);
	const post = (path, fields) =>
		page.evaluate(async ([url, all]) => {
			const answer = await fetch(url, { method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(all) });
			if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
		}, [`/agenda/visits/${id}/${path}`, fields]);
	await within(1000, () => post('confirmation', { to: 'confirmed' }), async () => (await other.locator('.wk.is-confirmed', { hasText: who }).count()) === 1);
	await visit(`/agenda?view=month&date=${day}&dentist=${dentists[0]}`, other);
	await within(1000, () => post('presence', { to: 'arrived' }), async () => (await other.locator('.wk.is-arrived', { hasText: who }).count()) === 1);
	await visit(`/agenda?view=list&date=${day}`, other);
	await within(1000, () => post('cancel', { by: 'clinic' }), async () => (await other.locator('.ag-row', { hasText: who }).locator('.badge', { hasText: 'Cancelado' }).count()) === 1);
});

test('a drag is not disturbed by what others do; it is shown once the hands are free', async () => {
	const mine = name('Rute');
	const theirs = name('Davi');
	await newcomer(mine, { time: '10:00' });
	await visit(`/agenda?date=${day}`, page);
	const box = await boxOf(card(mine, page));
	await takeUp({ x: box.x + box.width / 2, y: box.y + 6 }, page);
	const to = await place(1, '14:00', page);
	await page.mouse.move(to.x, to.y + 2, { steps: 8 });
	await newcomer(theirs, { time: '15:00' }, other);
	await page.waitForTimeout(700);
	assert.equal(await page.locator('.ec-ghost, .ec-preview, .ec-dragging').count() > 0, true, 'still carried');
	assert.equal(await card(theirs, page).count(), 0);
	await page.mouse.up();
	await toast('remarcado', page).waitFor();
	await becomes(mine, '14:00', page);
	await card(theirs, page).waitFor();
});

test('the program is restarted during a drag: the card stays, is written, and the others hear of it', async () => {
	const who = name('Vânia');
	await newcomer(who, { time: '11:00' });
	await visit(`/agenda?date=${day}`, other);
	await visit(`/agenda?date=${day}`, page);
	const box = await boxOf(card(who, page));
	await takeUp({ x: box.x + box.width / 2, y: box.y + 6 }, page);
	const to = await place(3, '15:00', page);
	await page.mouse.move(to.x, to.y + 2, { steps: 8 });
	const before = serverPid();
	process.kill(Number(before), 'SIGKILL');
	await page.mouse.up();
	await page.locator('.is-saving', { hasText: who }).waitFor({ timeout: 3000 }).catch(() => {}); // or it is back already
	await toast('remarcado', page).waitFor({ timeout: 15_000 });
	await becomes(who, '15:00', page);
	assert.notEqual(serverPid(), before);
	await becomes(who, '15:00', other, 10_000); // its stream broke too: it asks anew when it is back
	const late = name('Tito');
	await until(async () => (await other.evaluate(() => fetch('/readyz').then((it) => it.status))) === 200, 'the program', 10_000);
	await newcomer(late, { time: '08:00', dentist_id: dentists[2] });
	await card(late, other).waitFor({ timeout: 6000 });
});
