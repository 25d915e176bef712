// Configurações › Agenda as a manager uses it, and the calendar that a dentist's phone asks for.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { request, signIn } from '../scenario/http.mjs';
import { browser, check, close, login, open, setTheme } from './lib.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const ICAL = createRequire(path.join(here, '../node/package.json'))('ical.js');
const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const HOME = '/settings/agenda';
const unique = Date.now().toString(36);
let b, page, manager, dentist;

const go = (where) => page.goto(base + where);
const save = (what = 'Salvar') => Promise.all([page.waitForNavigation(), page.click(`.form-foot button:has-text("${what}")`)]);
const text = async () => (await page.locator('main').innerText()).replace(/\s+/g, ' ');
const bad = () => page.locator('.field-bad').allInnerTexts();
const picture = async (title) =>
	process.env.MANUAL && page.screenshot({ path: path.join(here, `../../docs/manual/imagens/${title}.png`) });

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'gerente@ianara.test', 'sorriso-aberto-2026');
	manager = await signIn('ianara', 'gerente@ianara.test');
	await go(HOME);
	dentist = /dentists\/(\d+)/.exec(await page.getAttribute('a:has-text("Ianara Pinho")', 'href'))[1];
});
after(() => b.close());

test('the pages of the settings pass every check, on desk and phone', async () => {
	const phone = await open(b, `${base}/login`, { phone: true });
	await login(phone, 'gerente@ianara.test', 'sorriso-aberto-2026');
	const pages = ['', '/chairs', '/blocks/new', '/holidays', '/rules', `/dentists/${dentist}`];
	for (const [i, one] of pages.entries()) {
		const on = i % 2 ? phone : page;
		await on.goto(base + HOME + one);
		assert.deepEqual(await check(on), [], one);
	}
	await setTheme(page, true);
	await go(`${HOME}/dentists/${dentist}/shifts/new`);
	assert.deepEqual(await check(page), []);
	await setTheme(page, false);
	await close(phone);
	await go(`${HOME}/dentists/${dentist}`);
	await picture('horarios');
	await go(`${HOME}/online`);
	await picture('agendamento-regras');
});

test('a shift that overlaps another is refused beside its field, and what was typed stays', async () => {
	await go(`${HOME}/dentists/${dentist}/shifts/new`);
	await page.check('label:has-text("Terça") input');
	await page.fill('[name=from]', '11:00');
	await page.fill('[name=to]', '14:00');
	await save();
	assert.match((await bad()).join(), /Encontra-se com outro horário: Terça, 08:00 às 12:00/);
	assert.equal(await page.inputValue('[name=to]'), '14:00');
	assert.ok(await page.isChecked('label:has-text("Terça") input'));
	await page.uncheck('label:has-text("Terça") input');
	await page.check('label:has-text("Sábado") input');
	// one Saturday far away: the data may have been tested before
	const saturday = new Date(Date.UTC(2040, 0, 7 + 7 * Math.floor(Math.random() * 2000))).toISOString().slice(0, 10);
	await page.fill('[name=valid_from]', saturday);
	await page.fill('[name=valid_to]', saturday);
	await save();
	assert.match(await text(), /Sábado 11:00 às 14:00/);
});

test('removing hours that visits stand in shows the visits first', async () => {
	await go(`${HOME}/dentists/${dentist}`);
	const shifts = await page.locator('a[href*="/shifts/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
	let warned = false;
	for (const shift of shifts.filter((s) => /\d+$/.test(s))) {
		await manager.get(shift);
		const answer = await manager.post(`${shift}/remove`);
		if (answer.status !== 409) continue;
		warned = true;
		assert.match(answer.text, /Estas consultas ficariam fora dos horários/);
		assert.equal((await manager.get(shift)).status, 200, 'it still stands');
		break;
	}
	assert.ok(warned, 'the demonstration has visits ahead');
});

test('a dentist is Dr. or Dra. as the settings say, everywhere', async () => {
	await go(`${HOME}/dentists/${dentist}`);
	const was = await page.inputValue('[name=prefix]');
	for (const prefix of [was === 'Dra.' ? 'Dr.' : 'Dra.', was]) {
		await page.selectOption('[name=prefix]', prefix);
		await Promise.all([page.waitForNavigation(), page.locator('form:has([name=prefix]) button[type=submit]').click()]);
		assert.ok((await manager.get('/agenda')).text.includes(`<p class="ag-name">${prefix} Ianara Pinho</p>`), prefix);
		await go(`${HOME}/dentists/${dentist}`);
		assert.equal(await page.inputValue('[name=prefix]'), prefix);
	}
});

test('a chair, a visit type with a dentist’s own minutes, and what is wrong with them', async () => {
	await go(`${HOME}/chairs`);
	await page.fill('#f-name', `Sala ${unique}`);
	await page.click('text=Criar cadeira');
	await page.waitForSelector(`input[value="Sala ${unique}"]`);
	await page.fill('#f-name', `sala ${unique}`);
	await page.click('text=Criar cadeira');
	await page.waitForSelector('.form-errors');
	assert.match(await text(), /Já existe uma cadeira com este nome/);
	await go(`${HOME}/types/new`);
	await page.fill('[name=name]', `Tipo ${unique}`);
	await page.fill('[name=minutes]', '45');
	await page.fill(`[name="minutes-${dentist}"]`, '3');
	await save();
	assert.match((await bad()).join(), /De 5 a 720 minutos/);
	await page.fill(`[name="minutes-${dentist}"]`, '40');
	await save();
	await page.click(`a:has-text("Tipo ${unique}")`);
	await page.waitForURL(/types\/\d+/);
	assert.equal(await page.inputValue(`[name="minutes-${dentist}"]`), '40');
	assert.equal(await page.inputValue('[name=minutes]'), '45');
});

test('a block repeats, and goes with those behind it', async () => {
	await go(`${HOME}/blocks/new?dentist=${dentist}`);
	await page.selectOption('[name=kind]', 'meeting');
	await page.fill('[name=title]', `Reunião ${unique}`);
	await page.fill('[name=first]', '2031-03-04');
	await page.fill('[name=from]', '12:00');
	await page.fill('[name=to]', '11:00');
	await page.check('label:has-text("Terça") input');
	await page.fill('[name=until]', '2031-03-25');
	await save();
	assert.match((await bad()).join(), /O fim precisa ser depois do início/);
	await page.fill('[name=to]', '13:00');
	await save();
	assert.match(await text(), new RegExp(`Reunião ${unique}.*e mais 3`));
	await page.click(`a:has-text("Reunião ${unique}")`);
	await page.waitForURL(/blocks\/\d+/);
	await page.click('text=Remover este e os seguintes');
	await Promise.all([page.waitForNavigation(), page.click('dialog[open] button:has-text("Remover todos")')]);
	assert.doesNotMatch(await text(), new RegExp(`Reunião ${unique}`));
});

// A Sunday and the Tuesday behind it, others each time, for a server that stays; within the 104 weeks ahead.
const sunday = new Date(Date.now() + (7 - new Date().getUTCDay() + 7 * (4 + (Math.floor(Date.now() / 20_000) % 60))) * 86_400_000);
const iso = (date) => date.toISOString().slice(0, 10);
const bookAs = (fields) =>
	page.evaluate(async (all) => {
		const body = new URLSearchParams({ name: 'Prova da Agenda', phone: '(11) 96666-5544', minutes: '30', ...all });
		const answer = await fetch('/agenda/visits', { method: 'POST', headers: { 'HX-Request': 'true' }, body });
		return { status: answer.status, text: await answer.text() };
	}, fields);

test('a dated exception opens a Sunday, and goes again', async () => {
	const fields = { dentist_id: dentist, date: iso(sunday), time: '09:00' };
	assert.match((await bookAs(fields)).text, /não atende/);
	await go(`${HOME}/dentists/${dentist}/extra/new`);
	await page.fill('[name=on_date]', iso(sunday));
	await page.fill('[name=from]', '09:00');
	await page.fill('[name=to]', '11:00');
	await save();
	assert.match(await text(), /09:00 às 11:00/);
	const answer = await bookAs(fields);
	assert.equal(answer.status, 200, answer.text.slice(0, 300));
	await page.locator('li', { hasText: '09:00 às 11:00' }).locator('form[action*="/extras/"] button').first().click();
	await Promise.all([page.waitForNavigation(), page.click('dialog[open] button:has-text("Remover")')]);
	assert.match((await bookAs({ ...fields, time: '10:00' })).text, /não atende/);
});

test('time that is kept for a kind of visit takes no other', async () => {
	const day = iso(new Date(+sunday + 2 * 86_400_000));
	await go(`${HOME}/blocks/new?dentist=${dentist}`);
	await page.selectOption('[name=kind]', 'reserved');
	await page.fill('[name=title]', `Só cirurgia ${unique}`);
	await page.fill('[name=first]', day);
	await page.fill('[name=from]', '08:00');
	await page.fill('[name=to]', '12:00');
	await save();
	assert.match((await bad()).join(), /./, 'a kind of visit has to be chosen');
	await page.check('label:has-text("Cirurgia") input[name=visit_types]');
	const kind = await page.locator('label:has-text("Cirurgia") input[name=visit_types]').getAttribute('value');
	const other = await page.locator('label:has-text("Profilaxia") input[name=visit_types]').getAttribute('value');
	await save();
	const fields = { dentist_id: dentist, date: day, time: '08:00' };
	const answer = await bookAs({ ...fields, visit_type_id: other });
	assert.equal(answer.status, 409);
	assert.match(answer.text, /das 08:00 às 12:00 é reservado a outros tipos/);
	assert.equal((await bookAs({ ...fields, visit_type_id: kind, minutes: 90 })).status, 200);
	await page.goto(`${base}/agenda?date=${day}`);
	await page.locator('.shade.is-reserved', { hasText: /cirurgia/i }).waitFor();
});

test('the clinic may work on a national holiday, and has its own', async () => {
	await go(`${HOME}/holidays?year=2031`);
	const row = page.locator('li', { hasText: 'Tiradentes' });
	await Promise.all([page.waitForNavigation(), row.locator('button').click()]);
	assert.match(await row.innerText(), /Trabalhamos/);
	await Promise.all([page.waitForNavigation(), row.locator('button').click()]);
	assert.match(await row.innerText(), /Fechado/);
	await page.fill('#f-name', `Padroeiro ${unique}`);
	await page.fill('#f-on_date', '2031-06-24');
	await Promise.all([page.waitForNavigation(), page.click('text=Criar feriado')]);
	assert.match(await text(), new RegExp(`Padroeiro ${unique}`));
});

test('the calendar of a dentist is read by a real parser, keeps names to itself, and can be revoked', async () => {
	await manager.get(`${HOME}/dentists/${dentist}`);
	const link = async (names) =>
		/\/agenda\/feed\/[\w-]+\.ics/.exec((await manager.post(`${HOME}/dentists/${dentist}/feed`, names ? { names: 1 } : {})).text)[0];
	const first = await link(false);
	const feed = await request('ianara', 'GET', first);
	assert.equal(feed.status, 200);
	assert.match(feed.headers['content-type'], /^text\/calendar/);
	assert.ok(feed.text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75 && !line.includes('\n')));
	const events = new ICAL.Component(ICAL.parse(feed.text)).getAllSubcomponents('vevent').map((e) => new ICAL.Event(e));
	assert.ok(events.length > 5, `${events.length} visits`);
	assert.equal(new Set(events.map((e) => e.uid)).size, events.length);
	for (const event of events) {
		assert.equal(event.summary, 'Paciente');
		assert.ok(event.endDate.compare(event.startDate) > 0);
		assert.ok(Number(event.component.getFirstPropertyValue('sequence')) >= 1);
		assert.match(event.component.getFirstPropertyValue('status'), /^(TENTATIVE|CONFIRMED|CANCELLED)$/);
	}
	const again = await request('ianara', 'GET', first, { headers: { 'if-none-match': feed.headers.etag } });
	assert.equal(again.status, 304);
	const second = await link(true);
	assert.equal((await request('ianara', 'GET', first)).status, 404, 'the old address ends');
	const named = (await request('ianara', 'GET', second)).text;
	assert.match(ICAL.parse(named)[2].map((e) => JSON.stringify(e)).join(), /Beatriz|Lucas|Helena/);
	await manager.get(`${HOME}/dentists/${dentist}`);
	await manager.post(`${HOME}/dentists/${dentist}/feed`, { off: 1 });
	assert.equal((await request('ianara', 'GET', second)).status, 404);
	assert.equal((await request('aurora', 'GET', second)).status, 404);
});

test('the reception may not change the hours', async () => {
	const reception = await signIn('ianara', 'recepcao@ianara.test');
	assert.equal((await reception.get(HOME)).status, 403);
	assert.equal((await reception.post(`${HOME}/chairs`, { name: 'X' })).status, 403);
});
