// The agenda as a reception uses it: booked by mouse and by keyboard, carried, refused, taken back, through the
// day to the end; a second browser looks on; a phone. Each page must pass check() of lib.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as kit from './agenda_lib.mjs';
import { browser, check, close, login, open, setTheme, until } from './lib.mjs';

const { base, carry, password } = kit;
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const newcomer = `Nadir ${unique[0].toUpperCase()}${unique.slice(1)}`;
const phone = `(11) 9${String(Math.floor(Math.random() * 1e8)).padStart(8, '0').replace(/(....)(....)/, '$1-$2')}`;
const day = kit.freeDay();
let b, page, other;

// On the first page, if no other is named.
const picture = (title, p = page) => kit.picture(title, p);
const good = async (p = page) => assert.deepEqual(await check(p), []);
const visit = (path, p = page) => kit.visit(path, p);
const card = (who, p = page) => kit.card(who, p);
const drawer = (p = page) => kit.drawer(p);
const toast = (text, p = page) => kit.toast(text, p);
const place = (column, time, p = page) => kit.place(column, time, p);
const boxOf = (who) => kit.boxOf(card(who));
const carryCard = (who, column, time) => kit.carryCard(who, column, time, page);
const becomes = (who, time, p = page) => kit.becomes(who, time, p);

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'gerente@ianara.test', password);
	other = await open(b, `${base}/login`);
	await login(other, 'recepcao@ianara.test', password);
});
after(async () => b.close());

test('the day is there before any script, and passes every check after it', async () => {
	const plain = await page.evaluate(async () => (await fetch('/agenda')).text());
	assert.match(plain, /<foreignObject/);
	assert.match(plain, /Falta confirmar|Sala de espera/);
	await visit('/agenda');
	assert.ok((await page.locator('.ec-event').count()) > 20);
	assert.equal(await page.locator('.ag-grid').count(), 0);
	await good();
	const heard = await page.locator('.ec').ariaSnapshot(); // columns and colours in words
	assert.match(heard, /link "Helena Prado .*Dra\. Ianara Pinho\. (Atendido|Confirmado|Agendado|Na recepção|Em atendimento)/);
	assert.match(heard, /Almoço , \d\d:\d\d às \d\d:\d\d, Dr/);
	assert.doesNotMatch(heard, /- article\n/);
	await picture('agenda-dia');
});

test('the keyboard books: keys, a name, Enter', async () => {
	await visit(`/agenda?date=${day}`);
	await page.keyboard.press('n');
	await page.keyboard.press('c');
	await drawer().locator('#f-name').waitFor();
	await page.keyboard.type('beatriz alm');
	await page.locator('.person-item').first().waitFor();
	await page.keyboard.press('Enter');
	assert.match(await drawer().locator('#f-name').inputValue(), /^Beatriz Almeida/);
	assert.ok(await drawer().locator('[name=patient_id]').inputValue());
	assert.ok(await drawer().locator('[name=phone]').isHidden());
	await drawer().locator('[name=dentist_id]').selectOption({ label: 'Dra. Ianara Pinho' });
	await drawer().locator('[name=date]').fill(day);
	await drawer().locator('[name=time]').fill('09:00');
	await drawer().locator('[name=minutes]').fill('60');
	await page.keyboard.press('Control+Enter');
	await toast('Consulta marcada').waitFor();
	await becomes('Beatriz Almeida', '09:00');
});

test('a click on a free place books a new patient, and the other browser sees it within a second', async () => {
	await visit(`/agenda?date=${day}`, other);
	await visit(`/agenda?date=${day}`);
	const at = await place(1, '10:00');
	await page.mouse.click(at.x, at.y);
	await drawer().locator('#f-name').waitFor();
	assert.equal(await drawer().locator('[name=time]').inputValue(), '10:00');
	assert.equal(await drawer().locator('[name=dentist_id] option:checked').textContent(), 'Dr. Marcelo Tavares');
	await drawer().locator('#f-name').fill(newcomer);
	await page.locator('.person-none').waitFor();
	await drawer().locator('[name=minutes]').fill('60');
	await drawer().locator('button[type=submit]').click();
	await drawer().locator('#f-phone[aria-invalid=true]').waitFor();
	assert.equal(await drawer().locator('#f-name').inputValue(), newcomer);
	await drawer().locator('[name=phone]').fill(phone);
	await picture('agenda-nova');
	await drawer().locator('button[type=submit]').click();
	await toast('Consulta marcada').waitFor();
	const since = Date.now();
	await card(newcomer, other).waitFor({ timeout: 3000 });
	assert.ok(Date.now() - since < 1000, `the other browser saw it after ${Date.now() - since} ms`);
	await becomes(newcomer, '10:00');
});

test('a card is carried to another time and dentist; undo takes it back', async () => {
	await carryCard(newcomer, 3, '14:00');
	await toast('remarcado').waitFor();
	await becomes(newcomer, '14:00');
	await becomes(newcomer, '14:00', other);
	await toast('remarcado').locator('button', { hasText: 'Desfazer' }).click();
	await toast('Desfeito').waitFor();
	await becomes(newcomer, '10:00');
	await becomes(newcomer, '10:00', other);
});

test('a taken place refuses, the card goes back, and what is free is one click away', async () => {
	await carryCard(newcomer, 0, '09:30');
	const ask = page.locator('#ag-ask[open]');
	await ask.waitFor();
	await good();
	await becomes(newcomer, '10:00');
	assert.ok((await ask.locator('[data-slot]').count()) >= 2);
	await picture('agenda-conflito');
	const free = ask.locator('[data-slot]').first();
	const start = (await free.getAttribute('data-start')).slice(11, 16);
	await free.click();
	await toast('remarcado').waitFor();
	await becomes(newcomer, start);
});

test('lunch asks first, and is given when the person is sure', async () => {
	await carryCard(newcomer, 1, '12:15');
	const ask = page.locator('#ag-ask[open]');
	await ask.waitFor();
	await ask.locator('[data-flag=outside_hours]').click();
	await toast('remarcado').waitFor();
	await becomes(newcomer, '12:15');
	await card(newcomer).and(page.locator(':not(.is-saving)')).waitFor(); // until then it stays where it is
});

test('the lower edge draws a visit longer', async () => {
	const to = await place(1, '14:00');
	const box = await boxOf(newcomer);
	await carry({ x: box.x + box.width / 2, y: box.y + box.height - 3 }, { x: to.x, y: to.y - 10 }, page);
	const ask = page.locator('#ag-ask[open] [data-flag=outside_hours]');
	await until(async () => (await ask.count()) || (await toast('agora até').count()), 'an answer');
	if (await ask.count()) await ask.click();
	await toast('agora até').waitFor();
	await until(async () => /12:15 – 14:00/.test(await card(newcomer).textContent()), 'the longer visit');
});

test('a server that is away for a moment loses nothing', async () => {
	let away = 2;
	await page.route('**/agenda/visits/*/time*', (route) =>
		away-- > 0 ? route.fulfill({ status: 503, body: '' }) : route.continue(),
	);
	const written = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
	await carryCard(newcomer, 1, '15:00');
	await toast('O servidor não respondeu').waitFor();
	await becomes(newcomer, '15:00');
	await written;
	await page.unroute('**/agenda/visits/*/time*');
	await page.reload();
	await becomes(newcomer, '15:00');
});

test('somebody was faster: it is said, and the card shows how it is', async () => {
	const stale = await page.evaluate(async (who) => {
		const data = await (await fetch(`/agenda/day.json${location.search}`)).json();
		const found = data.visits.find((it) => it.n === who);
		const body = new URLSearchParams({ start: `${data.first}T${found.s}`, minutes: '45', version: String(found.v - 1) });
		return (await fetch(`/agenda/visits/${found.id}/time`, { method: 'PATCH', body, headers: { 'HX-Request': 'true' } })).status;
	}, newcomer);
	assert.equal(stale, 412);
});

test('through the day: confirmed, arrived, called, treated, and back', async () => {
	await card(newcomer).locator('a.ev').click();
	await drawer().locator('.steps').waitFor();
	await good();
	for (const [button, state] of [
		['Confirmar', 'Confirmado'],
		['Chegou', 'Na recepção'],
	]) {
		await drawer().locator('.ag-actions button', { hasText: button }).click();
		await drawer().locator('header .badge', { hasText: state }).waitFor();
	}
	await picture('agenda-consulta');
	await drawer().locator('.facts', { hasText: /Chegou às\s*\d\d:\d\d.*espera há \d+ min/ }).waitFor();
	await page.locator('.ag-side [data-since]', { hasText: /\d+ min/ }).first().waitFor();
	await drawer().locator('#seat-chair').selectOption({ index: 1 });
	await drawer().locator('button', { hasText: 'Chamar para a sala' }).click();
	await drawer().locator('header .badge', { hasText: 'Em atendimento' }).waitFor();
	await drawer().locator('button', { hasText: 'Atendido' }).click();
	await drawer().locator('header .badge', { hasText: 'Atendido' }).waitFor();
	await drawer().locator('.facts', { hasText: 'Saiu às' }).waitFor();
	await drawer().locator('button', { hasText: 'Desfazer a última mudança' }).click();
	await drawer().locator('header .badge', { hasText: 'Em atendimento' }).waitFor();
	await drawer().locator('summary').click();
	await drawer().locator('.timeline', { hasText: 'Atendido (desfeito)' }).waitFor();
	await page.keyboard.press('Escape');
	await card(newcomer, other).locator('.is-in_chair').waitFor();
});

test('cancelling asks who and why, and frees the place', async () => {
	await card('Beatriz Almeida').locator('a.ev').click();
	await drawer().locator('a', { hasText: 'Cancelar consulta' }).click();
	await drawer().locator('[name=reason]').fill('Viagem');
	await drawer().locator('input[value=patient]').check();
	await drawer().locator('footer button', { hasText: 'Cancelar consulta' }).click();
	await drawer().locator('.facts', { hasText: 'pelo paciente: Viagem' }).waitFor();
	await page.keyboard.press('Escape');
	await until(async () => (await card('Beatriz Almeida').count()) === 0, 'the card to go', 4000);
});

test('free time is found by who, when and how long', async () => {
	await page.locator('.ag-tools a[href="/agenda/slots"]').click();
	await drawer().locator('.ag-slot').first().waitFor();
	await drawer().locator('[name=dentist_id]').selectOption({ label: 'Dra. Ianara Pinho' });
	await drawer().locator('[name=period]').selectOption('afternoon');
	await drawer().locator('[name=minutes]').fill('60');
	await drawer().locator('[name=minutes]').press('Tab');
	await until(async () => {
		const all = await drawer().locator('.ag-slot').allTextContents();
		return all.length > 0 && all.every((text) => text.includes('Ianara') && Number(text.slice(0, 2)) >= 12);
	}, 'only the afternoons of one');
	await picture('agenda-horarios');
	await drawer().locator('.ag-slot').first().click();
	await drawer().locator('#f-name').waitFor();
	assert.equal(await drawer().locator('[name=dentist_id] option:checked').textContent(), 'Dra. Ianara Pinho');
	assert.ok(await drawer().locator('[name=time]').inputValue());
	await page.keyboard.press('Escape');
});

test('somebody of the waiting list is carried to a free place', async () => {
	await visit(`/agenda?date=${day}`);
	const row = page.locator('[data-waiting]').last();
	const who = await row.getAttribute('data-name');
	await row.scrollIntoViewIfNeeded();
	const box = await row.boundingBox();
	const to = await place(2, '16:00');
	await carry({ x: box.x + 12, y: box.y + box.height / 2 }, to, page);
	await toast('Consulta marcada').waitFor();
	await card(who).waitFor();
	await until(async () => (await page.locator('[data-waiting]', { hasText: who }).count()) === 0, 'the row to go');
});

test('chips take away and the address remembers; keys walk through the days', async () => {
	await visit('/agenda');
	const all = await page.locator('.ec-event .ev').count();
	await page.locator('[data-look=done]').click();
	assert.ok((await page.locator('.ec-event .ev').count()) < all);
	assert.match(page.url(), /off=done/);
	await page.keyboard.press('ArrowRight');
	await page.waitForURL(/date=.*off=done/);
	await page.keyboard.press('t');
	await page.waitForURL((url) => !url.searchParams.has('date'));
});

test('week, month, list and chairs pass every check, in both themes', async () => {
	for (const [view, what, title, dark] of [
		['by=chair', '.ec-event'],
		['view=week', '.ag-week .wk', 'agenda-semana'],
		['view=month', '.ag-big .ag-cell', 'agenda-mes'],
		['view=list', '.ag-list-box .ag-row', null, true],
		['view=day', '.ec-event', null, true],
	]) {
		if (dark) await setTheme(page, true);
		await visit(`/agenda?${view}`);
		assert.ok((await page.locator(what).count()) > 5, view);
		if (view !== 'by=chair') await good();
		await picture(title);
	}
});

test('a phone shows one column, and a chip changes whose it is', async () => {
	const small = await open(b, `${base}/login`, { phone: true });
	await login(small, 'recepcao@ianara.test', password);
	await visit('/agenda', small);
	await good(small);
	assert.equal(await small.locator('.ec-body .ec-day').count(), 1);
	const names = await small.locator('.ec-event .ev b').allTextContents();
	await small.locator('[data-column]').nth(1).click();
	await until(async () => (await small.locator('.ec-event .ev b').allTextContents()).join() !== names.join(), 'another column');
	await picture('agenda-celular', small);
	await small.locator('.ec-event a.ev').last().click();
	await drawer(small).locator('.facts').waitFor();
	await good(small);
	await close(small);
});
