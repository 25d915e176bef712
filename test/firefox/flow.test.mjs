// The way of each day in Firefox: a lead carried, a visit booked, moved and drawn longer while a second window looks on, the
// waiting list, a tooth, an exam, an image, the palette; then every main page in both themes.
// What the program does is proved in test/browser; this is for what another engine may do otherwise.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freeDay } from '../browser/agenda_lib.mjs';
import { DESK, PHONE, browser, until } from './firefox.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const newcomer = `Nadir ${unique[0].toUpperCase()}${unique.slice(1)}`;
const day = freeDay();
let b, page, other;

before(async () => {
	b = await browser();
	page = await b.open();
	await page.login(base, 'dona@ianara.test', password);
	other = await b.open();
	await other.login(base, 'recepcao@ianara.test', password);
	await page.front();
});
after(() => b?.close());

const good = async (p = page) => assert.deepEqual(await p.check(), []);
const toast = (text) => page.sees('.toast', text);

// ---- the funnel ----

const columnOf = (who) =>
	page.run((name) => {
		const card = [...document.querySelectorAll('.board-card')].find((it) => it.textContent.includes(name));
		return card?.closest('.board-col')?.dataset.name;
	}, who);

test('a card is carried to another column and stays there', async () => {
	await page.goto(`${base}/funnel`);
	const from = await page.box('.board-card', 'Bruno Cardoso');
	const to = await page.box('.board-col[data-name="Em conversa"] .board-list');
	await page.carry(from, { x: to.x, y: to.top + 60 }, { x: to.x, y: to.top + 66 });
	await page.sees('.board-col[data-name="Em conversa"] .is-ghost');
	await page.up();
	await page.until(() => !document.querySelector('.is-saving, .is-carried'));
	await page.goto(`${base}/funnel`);
	assert.equal(await columnOf('Bruno Cardoso'), 'Em conversa');
	await good();
});

test('the keyboard moves a card by its menu, and the focus goes with it', async () => {
	await page.run(() => document.querySelector('.board-card .card-menu button').focus());
	const who = await page.run(() => document.activeElement.closest('.board-card').querySelector('h3').textContent.trim());
	await page.press('Enter');
	await page.sees('#move-menu [data-move]', 'Avaliação');
	for (let i = 0; i < 9 && !(await page.run(() => document.activeElement.textContent.includes('Avaliação'))); i++) await page.press('ArrowDown');
	await page.press('Enter');
	await toast('Movido para Avaliação');
	assert.equal(await columnOf(who), 'Avaliação');
	assert.ok(await page.run((name) => document.activeElement.textContent.includes(name), who));
	await good();
});

test('a card opens in the drawer, Escape closes it and the focus is back', async () => {
	await page.click('.board-card h3 a', 'Marta Vasconcelos');
	await page.sees('dialog#drawer[open]', 'Marta Vasconcelos');
	await good();
	await page.press('Escape');
	await page.until(() => !document.querySelector('dialog[open]'));
	assert.equal(await page.run(() => document.activeElement.textContent.trim()), 'Marta Vasconcelos');
});

// ---- the agenda ----

const visit = async (path, p = page) => {
	await p.goto(base + path);
	await p.sees('[data-agenda][data-ready]');
};

// A place of the grid: the column by its order, the time as people say it.
const place = (column, time) =>
	page.run((nth, text) => {
		const { open } = JSON.parse(document.querySelector('#agenda-data').textContent);
		const [hour, minute] = text.split(':').map(Number);
		document.querySelector('.ec-main').scrollTo(0, 40); // half past seven to four
		const box = document.querySelectorAll('.ec-body .ec-day')[nth].getBoundingClientRect();
		return { x: box.x + box.width / 2, y: box.y + ((hour - parseInt(open, 10)) * 60 + minute) * (40 / 30) + 4 };
	}, column, time);

const becomes = (who, time, p = page) =>
	p.until((name, says) => {
		const cards = [...document.querySelectorAll('.ec-event:not(.ec-ghost, .ec-preview)')].filter((it) => it.textContent.includes(name));
		return cards.length === 1 && cards[0].querySelector('.ev-line').textContent.startsWith(says);
	}, who, time);

test('two clicks and a name book a visit, and the other window sees it within a second', async () => {
	await visit(`/agenda?date=${day}`, other);
	await visit(`/agenda?date=${day}`);
	await page.clickAt(await place(1, '10:00'));
	await page.sees('#drawer[open] #f-name');
	assert.deepEqual(
		await page.run(() => ['date', 'time'].map((name) => document.querySelector(`#drawer [name=${name}]`).value)),
		[day, '10:00'],
	);
	await page.click('#drawer #f-name');
	await page.type(newcomer);
	await page.sees('.person-none');
	await page.fill('#drawer [name=phone]', `(11) 9${String(Date.now()).slice(-8)}`);
	await page.fill('#drawer [name=minutes]', '60');
	await good();
	await page.click('#drawer button[type=submit]');
	await toast('Consulta marcada');
	const since = Date.now();
	await becomes(newcomer, '10:00', other);
	assert.ok(Date.now() - since < 1000, `the other window saw it after ${Date.now() - since} ms`);
	await becomes(newcomer, '10:00');
});

test('a card is carried to another time and dentist, its lower edge draws it longer', async () => {
	const to = await place(3, '14:00');
	const box = await page.box('.ec-event', newcomer);
	await page.carry({ x: box.x, y: box.top + 6 }, { x: to.x, y: to.y + 2 });
	await page.up();
	await toast('remarcado');
	await becomes(newcomer, '14:00');
	await becomes(newcomer, '14:00', other);
	const end = await place(3, '16:00');
	const now = await page.box('.ec-event', newcomer);
	await page.carry({ x: now.x, y: now.top + now.height - 3 }, { x: end.x, y: end.y - 10 });
	await page.up();
	await toast('agora até');
	await page.sees('.ec-event', '14:00 – 16:00');
	await good();
	await good(other);
});

test('somebody of the waiting list is carried to a free place', async () => {
	const who = await page.run(() => document.querySelector('[data-waiting]').dataset.name);
	const row = await page.box(`[data-waiting][data-name="${who}"]`);
	await page.carry({ x: row.left + 12, y: row.y }, await place(2, '09:00'));
	await page.up();
	await toast('Consulta marcada');
	await becomes(who, '09:00');
	await good();
});

// ---- the chair ----

const patient = async (name) => {
	await page.goto(`${base}/patients?q=${encodeURIComponent(name)}`);
	await page.sees('a[href^="/patients/"]', name);
	return base + (await page.run((who) => [...document.querySelectorAll('a[href^="/patients/"]')]
		.find((it) => it.textContent.includes(who)).getAttribute('href').match(/^\/patients\/\d+/)[0], name));
};
const label = (tooth, says) =>
	page.until((id, text) => document.getElementById(id).getAttribute('aria-label').includes(text), `t${tooth}`, says);

test('the chart: a face by the mouse, keys, a typed line with its preview', async () => {
	await page.goto(`${await patient('Sônia Regina Barreto')}/chart`);
	await page.click('.odo-mode', 'Achado');
	await page.click('#t34 [data-face="O"]');
	await page.sees('#inspector', '34 O');
	await page.click('.odo-choice', 'Cárie');
	await label(34, 'Cárie O');
	await page.click('.odo-mode', 'Planejado');
	await page.run(() => document.querySelector('#t24').focus());
	await page.press('ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowLeft');
	assert.equal(await page.run(() => document.activeElement.id), 't24');
	await page.press('o', 'm');
	await page.sees('#inspector', '24 MO');
	await page.click('#line');
	await page.type('47 v resina');
	await page.sees('#line-preview', 'Restauração em resina 1 face');
	await page.press('Enter');
	await label(47, 'resina 1 face V');
	await good();
});

test('the periodontal exam: digits walk through the mouth', async () => {
	const focused = () => page.run(() => {
		const at = document.activeElement;
		return `${at.closest('[data-tooth]')?.dataset.tooth} ${at.dataset.what} ${at.dataset.site}`;
	});
	await page.goto(`${await patient('Vera Lúcia Matos')}/perio`);
	await page.click('button', 'Novo exame');
	await page.sees('[data-perio]');
	await until(async () => (await focused()) === '18 probing 2', 'the first site');
	await page.type('324');
	assert.equal(await focused(), '17 probing 2');
	await page.until(() => document.querySelector('#perio-state').textContent === 'Gravado');
	await page.type('+2s');
	assert.ok(await page.run(() => document.querySelector('.pt[data-tooth="17"] input[data-what=bleeding][data-site="1"]').checked));
	assert.match(await page.text('#perio-figures'), /Sondagem média\s*3,0 mm/);
	await good();
});

// ---- what stands on canvas, and at the patient's own phone ----

test('an image is sent, zoomed and measured', async () => {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'film-'));
	const film = path.join(folder, 'rx.png');
	const bytes = await page.run(async () => {
		const canvas = new OffscreenCanvas(300, 400);
		canvas.getContext('2d').fillRect(40, 40, 200, 300);
		return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
	});
	await writeFile(film, Buffer.from(bytes));
	await page.goto(`${await patient('Antônio Carlos')}/images`);
	await page.files('#images', film);
	await page.sees('#gallery a'); // the worker prepares it; the gallery asks until then
	await until(() => page.count('#gallery:not([hx-get])'), 'the image to be prepared', 30_000);
	await page.click('#gallery a');
	await page.sees('[data-shown]');
	await rm(folder, { recursive: true });
	await page.click('[data-tool=zoom-in]');
	const tool = await page.run(() => getComputedStyle(document.querySelector('[data-tool=zoom-in]')).backgroundColor);
	assert.match(tool, /0(\.1)?\)$/, 'the icon of a tool under the pointer stays in sight');
	await page.press('1', 'i', 'm');
	const { x, y } = await page.box('[data-shown]');
	await page.carry({ x: x - 60, y }, { x: x + 60, y: y + 8 });
	await page.up();
	assert.match(await page.text('[data-said]'), /^Medida: \d+ px$/);
	await good();
});

test('a patient signs the anamnesis in a small window', async () => {
	await page.goto(`${await patient('Carla Moreira')}/anamnesis`);
	await page.click('button', 'Nova anamnese');
	await page.sees('dialog[open] [name=way]');
	await page.run(() => {
		const { form } = document.querySelector('dialog[open] [name=way]');
		const list = form.elements.questionnaire_id;
		list.value = [...list.options].find((it) => it.text === 'Adulto').value;
		form.elements.way.value = 'link';
		form.requestSubmit();
	});
	await page.click('button', 'Criar link');
	const link = new URL(await page.text('[data-link]'));
	const phone = await b.open(base + link.pathname, { phone: true });
	await phone.fill('[name=birth]', '1974-06-21');
	await phone.click('button', 'Continuar');
	await phone.sees('[data-anamnesis]');
	await good(phone);
	const { x, y } = await phone.box('[data-pad] canvas');
	await phone.carry({ x: x - 60, y }, { x: x - 20, y: y - 20 }, { x: x + 20, y: y + 20 }, { x: x + 60, y });
	await phone.up();
	await phone.until(() => document.querySelector('[name=signature]').value);
	await good(phone);
	await phone.close();
});

test('the palette finds without accents, and Enter goes there', async () => {
	await page.front();
	await page.goto(`${base}/agenda`);
	await page.press('Control+k');
	await page.sees('#palette[open]');
	await page.type('sonia regina');
	await page.sees('#palette [role=option]', 'Sônia Regina');
	await good();
	await page.press('Enter');
	await page.until(() => /^\/patients\/\d+/.test(location.pathname));
});

// ---- every main page ----

const PAGES = ['/agenda', '/agenda?view=week', '/agenda?view=month', '/agenda?view=list', '/agenda/waiting', '/my-day', '/funnel', '/leads',
	'/tasks', '/patients', '/patients/new', '/treatments', '/recalls', '/lab', '/reports/crm', '/settings/theme', '/agendar'];

for (const [title, device, theme] of [['desk', DESK, 'light'], ['desk', DESK, 'dark'], ['phone', PHONE, 'dark']])
	test(`every main page is right on a ${title}, ${theme}`, async () => {
		await page.viewport(device);
		await page.run((name) => {
			document.cookie = `theme=${name};Path=/`;
		}, theme);
		for (const path of PAGES) {
			await page.goto(base + path);
			assert.deepEqual(await page.check(), [], path);
		}
		await page.goto(`${base}/agenda?view=week`);
		const cut = await page.run(() => [...document.querySelectorAll('.ag-week td')].filter((it) => it.clientHeight + 1 < it.scrollHeight).length);
		assert.equal(cut, 0, 'each day of the week has room for its visits');
	});
