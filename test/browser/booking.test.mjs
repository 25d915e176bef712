// The doors that patients use: the public booking page, the link of a visit, an offer of the waiting
// list, the kiosk. Each page must pass check() of lib.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { formBody, key, PASSWORD, request, signIn } from '../scenario/http.mjs';
import { browser, check, close, login, open, setTheme, shot } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const mobile = () => `119${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
let b, office, owner, type, day;

// A form of a page of ours, sent by nobody in particular.
const post = (path, fields, from = base) =>
	request('ianara', 'POST', path, {
		headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(from).origin },
		body: formBody(fields),
	});
const get = (path) => request('ianara', 'GET', path);
const slotsOf = (html) => [...html.matchAll(/name="slot" value="(\d+)-(\d+)-(\d+)"/g)].map((m) => m.slice(1).map(Number));
const textOf = async (page) => (await page.locator('main').innerText()).replace(/\s+/g, ' ');
// MANUAL=1 renews the manual's pictures.
const picture = async (page, title) =>
	process.env.MANUAL && page.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });

// The letters of the last minute to an address: the development transport shows them.
async function lettersTo(email) {
	const list = (await office.get('/dev/mail')).text;
	const found = [];
	for (const id of [...new Set([...list.matchAll(/\/dev\/mail\/(\d+)/g)].map((m) => m[1]))].slice(0, 12)) {
		const letter = (await office.get(`/dev/mail/${id}`)).text;
		if (letter.includes(email)) found.push(letter);
	}
	return found;
}
const codeFor = async (email) => /(\d{6}) é o seu código/.exec((await lettersTo(email))[0])[1];

// Days from today on that have free times, as the page offers them.
async function freeDay(after) {
	const date = new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
	const html = (await get(`/agendar?type=${type}&dentist=0&day=${date}`)).text;
	const days = [...html.matchAll(/[?&]day=(\d{4}-\d\d-\d\d)/g)].map((m) => m[1]).filter((d) => d >= date);
	return days[0] ?? date;
}

async function held(slot) {
	const answer = await post('/agendar', { type, dentist: 0, slot: slot.join('-') });
	return answer.status === 303 ? answer.headers.location.split('/').pop() : answer;
}

before(async () => {
	b = await browser();
	office = await signIn('ianara', 'recepcao@ianara.test');
	owner = await signIn('ianara', 'dona@ianara.test');
	type = /\/agendar\?type=(\d+)/.exec((await get('/agendar')).text)[1];
	day = await freeDay(4);
});
after(() => b.close());

test('the page is the clinic’s own, on a desk by day and a phone by night, and sets no cookie', async () => {
	for (const dark of [false, true]) {
		const phone = dark;
		const page = await open(b, `${base}/agendar?type=${type}&dentist=0&day=${day}`, { phone, dark });
		assert.deepEqual(await check(page), []);
		for (const path of dark ? ['/agendar', `/agendar?type=${type}`] : []) {
			await page.goto(base + path);
			assert.deepEqual(await check(page), [], path);
		}
		assert.deepEqual((await page.context().cookies()).filter((c) => c.name !== 'theme'), []);
		await shot(page, `booking-${phone ? 'm-dark' : 'd-light'}`);
		await close(page);
	}
	if (process.env.MANUAL) {
		const page = await open(b, `${base}/agendar?type=${type}&dentist=0&day=${day}`, { phone: true });
		await picture(page, 'agendamento');
		await close(page);
	}
});

test('somebody books on a phone without scripts, and moves and cancels by the link', async () => {
	const context = await b.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 }, locale: 'pt-BR' });
	const page = await context.newPage();
	const email = `maria.${unique}@exemplo.test`;
	await page.goto(`${base}/agendar`);
	await page.click('.door-choice >> nth=0');
	await page.click('a:has-text("Tanto faz")');
	await page.goto(`${base}/agendar?type=${type}&dentist=0&day=${day}`);
	await page.click('.door-time >> nth=0');
	assert.match(await textOf(page), /Guardado para você até as \d\d:\d\d/);
	await page.click('text=Receber código');
	assert.match(await textOf(page), /3 campos precisam de atenção/);
	await page.fill('[name=name]', `Maria ${unique}`);
	await page.fill('[name=phone]', mobile());
	await page.fill('[name=email]', email);
	await page.click('text=Receber código');
	assert.match(await textOf(page), new RegExp(`código de 6 números para ${email}`));
	await page.fill('[name=code]', '000000');
	await page.click('text=Confirmar consulta');
	assert.match(await textOf(page), /O código não confere/);
	await page.fill('[name=code]', await codeFor(email));
	await page.click('text=Confirmar consulta');
	assert.match(await textOf(page), /Consulta marcada/);
	const link = page.url().split('?')[0];
	assert.ok((await lettersTo(email)).some((letter) => letter.includes(link.split('/').pop())), 'the link is in the letter');
	await page.goto(link);
	await page.click('text=Confirmar presença');
	assert.match(await textOf(page), /Presença confirmada/);
	await page.goto(`${link}/remarcar?day=${day}`);
	const time = await page.locator('.door-time >> nth=0').innerText();
	await page.click('.door-time >> nth=0');
	assert.match(await textOf(page), new RegExp(time));
	await page.goto(`${link}/desmarcar`);
	await page.click('button:has-text("Desmarcar")');
	assert.match(await textOf(page), /Consulta desmarcada. Obrigado por avisar/);
	assert.equal((await page.goto(link)).status(), 410);
	await context.close();
});

test('the pages behind a slot pass every check, in both themes', async () => {
	const [slot] = slotsOf((await get(`/agendar?type=${type}&dentist=0&day=${day}`)).text).slice(-1);
	const token = await held(slot);
	const email = `ana.${unique}@exemplo.test`;
	await post(`/agendar/${token}`, { name: `Ana ${unique}`, phone: mobile(), email });
	const page = await open(b, `${base}/agendar/${token}`, { phone: true });
	assert.deepEqual(await check(page), []);
	await picture(page, 'agendamento-dados');
	await page.goto(`${base}/agendar/${token}/codigo`);
	assert.deepEqual(await check(page), []);
	await page.fill('[name=code]', await codeFor(email));
	await Promise.all([page.waitForNavigation(), page.click('text=Confirmar consulta')]);
	for (const [path, dark] of [['', false], ['/remarcar', true], ['/desmarcar', false]]) {
		await setTheme(page, dark);
		await page.goto(page.url().replace(/(\/consulta\/[^/?]+).*/, '$1') + path);
		assert.deepEqual(await check(page), [], path);
		if (!path) await picture(page, 'consulta-link');
	}
	await close(page);
});

test('a slot that is held is offered to nobody else, and given back when another is wanted', async () => {
	const [slot] = slotsOf((await get(`/agendar?type=${type}&dentist=0&day=${day}`)).text).slice(-2);
	const token = await held(slot);
	const answer = await held(slot);
	assert.equal(answer.status, 409);
	assert.match(answer.text, /acabou de ser ocupado/);
	assert.equal((await post(`/agendar/${token}/liberar`, {})).status, 303);
	assert.equal((await get(`/agendar/${token}`)).status, 410);
	const again = await held(slot);
	assert.equal(typeof again, 'string');
	await post(`/agendar/${again}/liberar`, {});
});

test('a robot gets no code, and a page of another site sends nothing', async () => {
	const [slot] = slotsOf((await get(`/agendar?type=${type}&dentist=0&day=${day}`)).text).slice(-3);
	const token = await held(slot);
	const email = `robo.${unique}@exemplo.test`;
	const fields = { name: 'Robô', phone: mobile(), email, homepage: 'http://spam.test' };
	assert.equal((await post(`/agendar/${token}`, fields)).status, 303);
	assert.equal((await lettersTo(email)).length, 0);
	assert.equal((await post(`/agendar/${token}`, fields, 'http://outro.test')).status, 403);
	await post(`/agendar/${token}/liberar`, {});
});

test('links that are nobody’s, or another clinic’s, are a kind 404', async () => {
	const page = await open(b, undefined, { phone: true });
	for (const path of ['/consulta/nada', '/oferta/nada', '/agendar/nada', '/agendar/nada/codigo', '/quiosque/nada']) {
		assert.equal((await page.goto(base + path)).status(), 404, path);
		assert.doesNotMatch(await textOf(page), /undefined|null/);
	}
	assert.deepEqual(await check(page), []);
	assert.equal((await get('/agenda/feed/nada.ics')).status, 404);
	await close(page);
});

test('the waiting list, an entry and the day on paper pass every check', async () => {
	const page = await open(b, `${base}/login`, { phone: true });
	await login(page, 'recepcao@ianara.test', PASSWORD);
	for (const path of ['/agenda/waiting', '/agenda/waiting/new?q=ana', '/agenda/print']) {
		await page.goto(base + path);
		assert.deepEqual(await check(page), [], path);
	}
	page.device = { width: 1440, height: 900 };
	await page.setViewportSize(page.device);
	await page.goto(`${base}/agenda/print`);
	await picture(page, 'imprimir-o-dia');
	await page.goto(`${base}/agenda/waiting`);
	await picture(page, 'lista-de-espera');
	await page.click('[data-waiting] a >> nth=0');
	await page.waitForURL(/waiting\/\d+/);
	assert.deepEqual(await check(page), []);
	await close(page);
});

test('of twenty who accept an offer at once exactly one has the slot', async () => {
	const ids = new Set();
	for (const letter of ['an', 'ar', 'el', 'os', 'ma', 'ro', 'ca'])
		for (const m of (await office.get(`/agenda/waiting/new?q=${letter}`)).text.matchAll(/new\?patient=(\d+)/g)) ids.add(m[1]);
	assert.ok(ids.size >= 20, `${ids.size} patients`);
	for (const patient_id of [...ids].slice(0, 30))
		assert.equal((await office.post('/agenda/waiting', { patient_id, minutes: 20, priority: 0 })).status, 303);
	const [start, dentist, branch] = slotsOf((await get(`/agendar?type=${type}&dentist=0&day=${await freeDay(10)}`)).text)[3];
	const asked = `/agenda/waiting/offer?dentist=${dentist}&branch=${branch}&start=${start}&end=${start + 1200}`;
	const choose = (await office.get(asked)).text;
	const chosen = [...choose.matchAll(/name="ids" value="(\d+)"/g)].map((m) => m[1]).slice(0, 20);
	assert.equal(chosen.length, 20);
	const made = await office.post('/agenda/waiting/offer', { dentist, branch, start, end: start + 1200, minutes: 30, ids: chosen });
	const links = [...new Set([...made.text.matchAll(/\/oferta\/([\w-]{40,})/g)].map((m) => m[1]))];
	assert.equal(links.length, 20);

	const page = await open(b, `${base}/oferta/${links[0]}`, { phone: true });
	assert.match(await textOf(page), /Quem aceitar primeiro fica com o horário/);
	assert.deepEqual(await check(page), []);
	await picture(page, 'oferta');
	const answers = await Promise.all(links.map((token) => post(`/oferta/${token}/accept`, {})));
	const of = (status) => answers.filter((answer) => answer.status === status).length;
	assert.deepEqual([of(200), of(410)], [1, 19], answers.map((a) => a.status).join(' '));
	assert.equal(answers.filter((a) => /Horário confirmado/.test(a.text)).length, 1);
	const loser = links[answers.findIndex((a) => a.status === 410)];
	assert.equal((await page.goto(`${base}/oferta/${loser}`)).status(), 410);
	assert.match(await textOf(page), /Seu lugar na lista de espera continua/);
	assert.deepEqual(await check(page), []);
	await close(page);
});

test('at the kiosk somebody arrives by birth date and name, and nobody learns another’s', async () => {
	const first = `Zu${unique.replace(/[^a-z]/g, '')}`;
	const name = `${first[0]}${first.slice(1)} Prado`;
	const api = await key(owner, ['patient.read', 'patient.write']);
	const patient = (await api('POST', '/api/v1/patients', { name, phone: `+55${mobile()}`, birth: '1961-02-03' })).json;
	const [, dentist_id] = slotsOf((await get(`/agendar?type=${type}&dentist=0&day=${day}`)).text)[0];
	const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Sao_Paulo' }).format(new Date());
	const time = `${20 + Math.floor(Math.random() * 3)}:${10 + 5 * Math.floor(Math.random() * 9)}`; // nobody works then
	const booked = await office.post('/agenda/visits', {
		patient_id: patient.id, dentist_id, date: today, time, minutes: 10, outside_hours: 1, title: 'Teste',
	});
	assert.ok(booked.status < 400, `${booked.status} ${booked.text.slice(0, 300)}`);
	await owner.get('/settings/agenda/online');
	const link = /\/quiosque\/([\w-]{40,})/.exec((await owner.post('/settings/agenda/kiosk')).text)[1];

	const page = await open(b, `${base}/quiosque/${link}`);
	assert.deepEqual(await check(page), []);
	await picture(page, 'quiosque');
	const say = async (birth, who) => {
		await page.goto(`${base}/quiosque/${link}`);
		await page.fill('[name=birth]', birth);
		await page.fill('[name=name]', who);
		await Promise.all([page.waitForNavigation(), page.click('text=Continuar')]);
		return textOf(page);
	};
	for (const [birth, who] of [['03/02/1962', first], ['03/02/1961', 'Ana'], ['03/02/1961', 'Z']])
		assert.match(await say(birth, who), /Não encontramos uma consulta sua para hoje/);
	const found = await say('03/02/1961', first.toUpperCase());
	assert.ok(found.includes(`Olá, ${first}`), found);
	assert.ok(found.includes(time), found);
	assert.doesNotMatch(found, /Prado/);
	assert.deepEqual(await check(page), []);
	const answer = await Promise.all([page.waitForNavigation(), page.click('text=Cheguei')]);
	assert.match(await textOf(page), /Avisamos a equipe que você chegou/);
	assert.match(answer[0].headers().refresh ?? '', /^20; url=\/quiosque\//);
	assert.deepEqual(await check(page), []);
	await shot(page, 'kiosk-done');
	// a stamp of one's own making marks nobody
	assert.equal((await post(`/quiosque/${link}/chegou`, { stamp: `${Math.floor(Date.now() / 1000)}.1.abc` })).status, 422);
	await owner.get('/settings/agenda/online');
	assert.equal((await owner.post('/settings/agenda/kiosk', { off: 1 })).status, 303);
	assert.equal((await page.goto(`${base}/quiosque/${link}`)).status(), 404);
	await close(page);
});

// Last: from here on the clinic has two addresses.
test('a clinic with two addresses asks where, and only that address’s times are shown', async () => {
	const title = process.env.MANUAL ? 'Unidade Norte' : `Norte ${unique}`;
	const weeks = Math.floor(Date.now() / 20_000) % 5; // another one each time, for a server that stays
	const saturday = new Date(Date.now() + (((6 - new Date().getUTCDay() + 7) % 7 || 7) + 7 * weeks) * 86_400_000).toISOString().slice(0, 10);
	await owner.post('/settings/branches', { name: title, zone: 'America/Sao_Paulo', street: 'Rua das Palmeiras', number: '80' });
	const branch = /\/settings\/branches\/(\d+)/g;
	const ids = [...(await owner.get('/settings/branches')).text.matchAll(branch)].map((m) => Number(m[1]));
	const north = Math.max(...ids);
	const dentist = /dentist=(\d+)"/.exec((await get(`/agendar?type=${type}&branch=0`)).text.replaceAll('dentist=0"', ''))[1];
	const made = await owner.post(`/settings/agenda/dentists/${dentist}/shifts`, {
		branch_id: north, weekdays: 6, from: '08:00', to: '12:00', every: 1, valid_from: saturday, valid_to: saturday,
	});
	assert.ok(made.status < 400, made.text.slice(0, 300));

	const page = await open(b, `${base}/agendar?type=${type}`, { phone: true });
	assert.match(await textOf(page), /Em qual unidade\?/);
	assert.deepEqual(await check(page), []);
	await picture(page, 'agendamento-unidade');
	await page.click(`.door-choice:has-text("${title}")`);
	assert.match(await textOf(page), new RegExp(title));
	if (await page.locator('.door-choice').count()) await page.click('.door-choice >> nth=0');
	await page.locator('.door-time').first().waitFor();
	const shown = slotsOf(await page.content());
	assert.ok(shown.length > 0);
	for (const slot of shown) assert.deepEqual(slot.slice(1), [Number(dentist), north]);
	assert.deepEqual(await check(page), []);
	await page.click('.door-time >> nth=0');
	assert.match(await textOf(page), new RegExp(`· ${title}`), 'the slot that is held says where');
	await page.click('text=Trocar');
	assert.match(page.url(), new RegExp(`branch=${north}`));
	await page.goto(`${base}/agendar?type=${type}&branch=0&dentist=0`);
	assert.ok(await page.locator('.door-time small').count(), 'of any address each time says its own');
	await close(page);
});
