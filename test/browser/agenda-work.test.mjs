// More of the reception's work in the agenda: the week of everybody and the month are carried too, a repetition is
// changed in part and from there on, a squeezed-in visit needs its permission, what waits comes back with an undo, a
// plan's line is booked, filters narrow, the small calendar shows how full it is. And what people get wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
	base, becomes, book, card, carry, carryCard, dayAfter, drawer, freeDay, middle, password, picture, place, problems, signedIn, toast, visit,
} from './agenda_lib.mjs';
import { browser, login, until } from './lib.mjs';

const day = freeDay(1);
const next = dayAfter(day, 1);
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const name = (first) => `${first} ${unique[0].toUpperCase()}${unique.slice(1)}`;
const phone = () => `(11) 9${String(Math.floor(Math.random() * 1e8)).padStart(8, '0').replace(/(....)(....)/, '$1-$2')}`;
let b, page, other;
let dentists; // as the columns of the day

const good = async (p = page) => assert.deepEqual(await problems(p), []);
const newcomer = async (who, fields, p = page) => {
	const answer = await book({ name: who, phone: phone(), minutes: 60, ...fields }, p);
	assert.equal(answer.status, 200, answer.text.slice(0, 300));
};
const cell = (date, dentist, p = page) => p.locator(`[data-drop="${date}"]${dentist ? `[data-dentist="${dentist}"]` : ''}`);
const line = (who, p = page) => p.locator('.wk', { hasText: who });
const stands = (who, date, dentist, p = page) => cell(date, dentist, p).locator('.wk:not(.is-saving)', { hasText: who }).waitFor({ timeout: 5000 });
const carryLine = async (who, date, dentist, p = page) => {
	await cell(date, dentist, p).scrollIntoViewIfNeeded();
	await line(who, p).scrollIntoViewIfNeeded();
	const to = await cell(date, dentist, p).boundingBox();
	await carry(await middle(line(who, p)), { x: to.x + to.width / 2, y: to.y + to.height / 2 }, p);
};

before(async () => {
	b = await browser();
	page = await signedIn(b, 'recepcao');
	other = await signedIn(b, 'gerente');
	await visit(`/agenda?date=${day}`, page);
	dentists = await page.evaluate(() => JSON.parse(document.querySelector('#agenda-data').textContent).columns.map((it) => it.id));
	await newcomer(name('Irene'), { dentist_id: dentists[0], date: day, time: '09:00' });
	await newcomer(name('Otávio'), { dentist_id: dentists[1], date: next, time: '09:00' });
});
after(async () => b.close());

test('in the week of everybody a visit is carried to another day and dentist, and the other sees it', async () => {
	const who = name('Irene');
	await visit(`/agenda?view=week&date=${day}`, page);
	await visit(`/agenda?view=week&date=${day}`, other);
	await carryLine(who, next, dentists[0]);
	await stands(who, next, dentists[0]);
	await stands(who, next, dentists[0], other);
	await good();
	await carryLine(who, next, dentists[1]); // where Otávio sits at nine
	const ask = page.locator('#ag-ask[open]');
	await ask.waitFor();
	await stands(who, next, dentists[0]); // it went back
	await ask.locator('[data-slot]').first().click();
	await stands(who, next, dentists[1]);
	await toast('remarcado', page).locator('button', { hasText: 'Desfazer' }).click();
	await stands(who, next, dentists[0]);
	await stands(who, next, dentists[0], other);
});

test('in the month of one a visit is carried to another day and keeps its hour', async () => {
	const who = name('Irene');
	if (process.env.MANUAL) {
		await visit(`/agenda?view=month&dentist=${dentists[0]}`, page);
		await picture('agenda-mes-de-um', page);
	}
	await visit(`/agenda?view=month&date=${day}&dentist=${dentists[0]}`, page);
	await good();
	await carryLine(who, day);
	await stands(who, day);
	assert.match(await line(who).textContent(), /09:00/);
	await line(who).click();
	await drawer(page).locator('.facts').waitFor();
	await page.keyboard.press('Escape');
});

test('by chair a visit is carried to another chair, and who is asked to come early is asked so wherever it goes', async () => {
	const who = name('Irene');
	await visit(`/agenda?date=${day}`, page);
	await card(who, page).locator('a.ev').click();
	await drawer(page).locator('a', { hasText: 'Remarcar' }).click();
	await drawer(page).locator('[name=asked]').fill('09:30');
	await drawer(page).locator('button[type=submit]').click();
	await drawer(page).locator('#f-asked[aria-invalid=true]').waitFor(); // after the visit begins
	await drawer(page).locator('[name=asked]').fill('08:45');
	await drawer(page).locator('button[type=submit]').click();
	await toast('Consulta salva', page).waitFor();
	await visit(`/agenda?by=chair&date=${day}`, page);
	await carryCard(who, 1, '10:00', page);
	await toast('remarcado', page).waitFor();
	await becomes(who, '10:00', page);
	await card(who, page).locator('a.ev').click();
	await drawer(page).locator('.facts', { hasText: 'Sala 2' }).waitFor();
	await drawer(page).locator('.facts', { hasText: '09:45' }).waitFor();
	await page.keyboard.press('Escape');
});

test('a browser in another zone shows and books the clinic’s own hours', async () => {
	const context = await b.newContext({ viewport: { width: 1440, height: 900 }, locale: 'pt-BR', timezoneId: 'Asia/Tokyo' });
	const far = await context.newPage();
	await far.goto(`${base}/login`);
	await login(far, 'recepcao@ianara.test', password);
	await visit(`/agenda?date=${day}`, far);
	const who = name('Irene');
	await becomes(who, '10:00', far);
	await carryCard(who, 0, '14:00', far);
	await toast('remarcado', far).waitFor();
	await becomes(who, '14:00', far);
	await visit(`/agenda?date=${day}`, page);
	await becomes(who, '14:00', page);
	await visit('/agenda', far);
	const now = await far.evaluate(() => {
		const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Sao_Paulo', timeStyle: 'short' }).format(new Date());
		const line = document.querySelector('.ec-now-indicator')?.getBoundingClientRect();
		const data = JSON.parse(document.querySelector('#agenda-data').textContent);
		const minutes = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)) - parseInt(data.open, 10) * 60;
		const body = document.querySelector('.ec-body .ec-day').getBoundingClientRect();
		const rows = (Number(data.close.slice(0, 2)) - parseInt(data.open, 10)) * 60;
		return { inside: minutes >= 0 && minutes < rows, line: line && line.top - body.top, wanted: (minutes * 40) / 30 };
	});
	if (now.inside) assert.ok(Math.abs(now.line - now.wanted) < 8, JSON.stringify(now));
	else assert.equal(now.line, undefined);
	await context.close();
});

test('a repetition: one goes its own way, then this one and those that follow', async () => {
	const who = name('Sérgio');
	const first = dayAfter(day, 7); // Wednesdays
	await visit(`/agenda?date=${first}`, page);
	await page.keyboard.press('n');
	await page.keyboard.press('c');
	const form = drawer(page);
	await form.locator('#f-name').fill(who);
	await page.locator('.person-none').waitFor();
	await form.locator('[name=phone]').fill(phone());
	await form.locator('[name=dentist_id]').selectOption(String(dentists[2]));
	await form.locator('[name=date]').fill(first);
	await form.locator('[name=time]').fill('08:00');
	await form.locator('[name=minutes]').fill('30');
	await form.locator('[name=repeat]').selectOption('weekly');
	await form.locator('[name=times]').fill('3');
	await form.locator('button[type=submit]').click();
	await toast('Consultas marcadas', page).waitFor();
	const change = async (date, time, scope) => {
		await visit(`/agenda?date=${date}`, page);
		await card(who, page).locator('a.ev').click();
		await drawer(page).locator('a', { hasText: 'Remarcar' }).click();
		await drawer(page).locator('[name=time]').fill(time);
		await drawer(page).locator(`input[name=scope][value=${scope}]`).check();
		await drawer(page).locator('button[type=submit]').click();
		await toast('Consulta salva', page).waitFor();
		await becomes(who, time, page);
	};
	await change(dayAfter(first, 7), '08:30', 'one');
	for (const [date, time] of [[first, '08:00'], [dayAfter(first, 14), '08:00']]) {
		await visit(`/agenda?date=${date}`, page);
		await becomes(who, time, page);
	}
	await change(dayAfter(first, 7), '09:00', 'following');
	await visit(`/agenda?date=${dayAfter(first, 14)}`, page);
	await becomes(who, '09:00', page); // from there on at nine
	await visit(`/agenda?date=${first}`, page);
	await becomes(who, '08:00', page);
});

test('an encaixe is for who may: the reception is offered what is free, the manager squeezes in', async () => {
	const who = name('Otávio');
	const taken = { name: name('Ester'), phone: phone(), minutes: 30, dentist_id: dentists[1], date: next, time: '09:15' };
	let answer = await book({ ...taken, encaixe: '1' }, page);
	assert.equal(answer.status, 409, 'the flag alone gives nothing');
	assert.doesNotMatch(answer.text, /Fazer encaixe/);
	await visit(`/agenda?date=${next}`, other);
	await other.keyboard.press('n');
	await other.keyboard.press('c');
	const form = drawer(other);
	await form.locator('#f-name').fill(taken.name);
	await other.locator('.person-none').waitFor();
	for (const field of ['phone', 'minutes', 'date', 'time']) await form.locator(`[name=${field}]`).fill(String(taken[field]));
	await form.locator('[name=dentist_id]').selectOption(String(dentists[1]));
	await form.locator('button[type=submit]').click();
	await form.locator('button', { hasText: 'Fazer encaixe' }).click();
	await toast('Consulta marcada', other).waitFor();
	await card(taken.name, other).locator('.ev-mark', { hasText: 'Enc.' }).waitFor();
	await becomes(who, '09:00', other);
});

test('what a dentist does not do is said in so many words, and the card goes back', async () => {
	const who = name('Íris');
	await newcomer(who, { dentist_id: dentists[0], date: day, time: '15:00' });
	await visit(`/agenda?date=${day}`, page);
	const says = '<div id="toasts" hx-swap-oob="beforeend"><div class="toast tone tone-red" role="alert">Dr. Marcelo não faz Canal.</div></div>';
	await page.route('**/time*', (route) => route.fulfill({ status: 409, contentType: 'text/html', body: says }));
	await carryCard(who, 1, '15:00', page);
	await toast('Dr. Marcelo não faz Canal.', page).waitFor();
	await page.unroute('**/time*');
	await card(who, page).waitFor();
});

test('who was taken from the waiting list by mistake is back on it', async () => {
	await visit(`/agenda?date=${day}`, page);
	const row = page.locator('[data-waiting]').last();
	const who = await row.getAttribute('data-name');
	await row.scrollIntoViewIfNeeded();
	await carry(await middle(row), await place(3, '10:00', page), page);
	await card(who, page).waitFor();
	await page.locator(`[data-waiting][data-name="${who}"]`).waitFor({ state: 'detached' });
	await toast('Consulta marcada', page).locator('button', { hasText: 'Desfazer' }).click();
	await card(who, page).waitFor({ state: 'detached' });
	await page.locator(`[data-waiting][data-name="${who}"]`).waitFor();
});

test('a plan’s line is booked together with its visit, by way of the search', async () => {
	await other.goto(`${base}/treatments`);
	const rows = other.locator('tbody tr');
	const waiting = await rows.count();
	const what = (await rows.first().locator('td').nth(1).innerText()).split('\n')[0];
	await rows.first().locator('a:has-text("Agendar")').click();
	await other.locator('#drawer-in a', { hasText: 'Marcar consulta nova' }).click();
	await drawer(other).locator('#f-title').waitFor();
	await drawer(other).locator('a', { hasText: 'Horários livres' }).click();
	await drawer(other).locator('[name=from]').fill(day);
	await drawer(other).locator('[name=from]').press('Tab');
	await until(async () => (await drawer(other).locator('.ag-slot').first().getAttribute('href'))?.includes('line='), 'slots for it');
	await drawer(other).locator('.ag-slot').first().click();
	await drawer(other).locator('#f-title').waitFor();
	assert.ok((await drawer(other).locator('#f-title').inputValue()).startsWith(what), what);
	await drawer(other).locator('button[type=submit]').click();
	await other.waitForURL(/\/patients\/\d+\/plans\?plan=/);
	await toast('Consulta marcada', other).waitFor();
	await other.goto(`${base}/treatments`);
	assert.equal(await rows.count(), waiting - 1);
});

test('filters narrow to a dentist, a kind of visit, a branch; the small calendar says how full', async () => {
	await visit('/agenda', page);
	const all = await page.locator('.ec-event .ev').count();
	await page.locator('[popovertarget=ag-filter]:visible').first().click();
	await page.locator('#ag-filter [name=dentist]').selectOption(String(dentists[0]));
	await page.waitForURL(/dentist=/);
	await page.locator('[data-agenda][data-ready]').waitFor();
	assert.equal(await page.locator('.ec-body .ec-day').count(), 1);
	const mine = await page.locator('.ec-event .ev').count();
	assert.ok(mine > 0 && mine < all);
	await page.goto(`${base}/agenda`);
	await page.locator('[popovertarget=ag-filter]:visible').first().click();
	const type = page.locator('#ag-filter [name=type]');
	const kind = await type.locator('option', { hasText: 'Manutenção' }).first().getAttribute('value');
	await type.selectOption(kind);
	await page.waitForURL(/type=/);
	await page.locator('[data-agenda][data-ready]').waitFor();
	const kinds = await page.locator('.ec-event .ev').count();
	assert.ok(kinds > 0 && kinds < all);

	const made = await other.evaluate(async (title) => {
		const form = new URLSearchParams({ name: title, zone: 'America/Sao_Paulo' });
		return (await fetch('/settings/branches', { method: 'POST', headers: { 'HX-Request': 'true' }, body: form })).status;
	}, name('Norte'));
	assert.ok(made < 400, `a second branch: ${made}`);
	await page.goto(`${base}/agenda`);
	await page.locator('[popovertarget=ag-filter]:visible').first().click();
	await page.locator('#ag-filter [name=branch]').selectOption({ label: name('Norte') });
	await page.waitForURL(/branch=/);
	assert.equal(await page.locator('.ec-event .ev').count(), 0);

	await visit('/agenda', page);
	const full = page.locator('[data-month] a.has-load');
	await full.first().waitFor();
	assert.match(await full.first().getAttribute('title'), /^\d+% ocupado$/);
	await full.first().click();
	await page.waitForURL(/date=/);
});

test('used wrongly: two clicks, the way back, a past time, over lunch, a taken chair', async () => {
	const who = name('Dulce');
	await visit(`/agenda?date=${day}`, page);
	const at = await place(2, '15:00', page);
	await page.mouse.click(at.x, at.y);
	await drawer(page).locator('#f-name').fill(who);
	await page.locator('.person-none').waitFor();
	await drawer(page).locator('[name=phone]').fill(phone());
	await drawer(page).locator('button[type=submit]').dblclick();
	await toast('Consulta marcada', page).waitFor();
	await becomes(who, '15:00', page);
	await page.waitForTimeout(300);
	assert.equal(await card(who, page).count(), 1, 'two clicks are one visit');

	await page.goto(`${base}/agenda/new?date=${day}`);
	await page.goBack();
	await page.locator('[data-agenda][data-ready]').waitFor();
	await becomes(who, '15:00', page);

	const ask = (fields) => book({ name: name('Nara'), phone: phone(), minutes: 30, dentist_id: dentists[0], date: day, ...fields }, page);
	let answer = await ask({ time: '11:00', minutes: 180 });
	assert.equal(answer.status, 409);
	assert.match(answer.text, /não atende|almoço/i);
	assert.match(answer.text, /Marcar mesmo assim/);
	answer = await ask({ time: '25:70' });
	assert.equal(answer.status, 422);
	assert.match(answer.text, /Escreva a hora assim/);
	answer = await ask({ time: '22:00' });
	assert.equal(answer.status, 409);
	assert.match(answer.text, /não atende/);

	const chair = await page.evaluate(async (id) => {
		const parsed = new DOMParser().parseFromString(await (await fetch(id)).text(), 'text/html');
		return parsed.querySelector('#f-chair_id option:nth-child(2)').value;
	}, `/agenda/new?date=${day}`);
	await newcomer(name('Célia'), { dentist_id: dentists[2], date: day, time: '09:00', chair_id: chair });
	answer = await ask({ time: '09:30', dentist_id: dentists[1], chair_id: chair });
	assert.equal(answer.status, 409);
	assert.match(answer.text, /já está em uso/);

});

test('from the form to the search and back nothing that was typed is lost', async () => {
	await visit(`/agenda?date=${day}`, page);
	await page.keyboard.press('n');
	await page.keyboard.press('c');
	const form = drawer(page);
	await form.locator('#f-name').pressSequentially('beatriz alm');
	await page.locator('.person-item').first().waitFor();
	await page.keyboard.press('Enter');
	await form.locator('[name=dentist_id]').selectOption(String(dentists[1]));
	await form.locator('[name=title]').fill('Canal do 14');
	await form.locator('[name=note]').fill('Quer anestesia');
	await form.locator('[name=repeat]').selectOption('weekly');
	await form.locator('a', { hasText: 'Horários livres' }).click();
	await form.locator('.ag-slot').first().waitFor();
	assert.equal(await form.locator('[name=dentist_id]').inputValue(), String(dentists[1]));
	assert.doesNotMatch(page.url(), /Beatriz|anestesia/);
	await form.locator('.ag-slot').nth(2).click();
	await form.locator('[name=note]').waitFor();
	assert.match(await form.locator('#f-name').inputValue(), /^Beatriz Almeida/);
	assert.ok(await form.locator('[name=patient_id]').inputValue());
	assert.ok(await form.locator('[name=phone]').isHidden());
	assert.equal(await form.locator('[name=dentist_id]').inputValue(), String(dentists[1]));
	assert.ok(await form.locator('[name=time]').inputValue());
	assert.equal(await form.locator('[name=title]').inputValue(), 'Canal do 14');
	assert.equal(await form.locator('[name=note]').inputValue(), 'Quer anestesia');
	assert.ok(await form.locator('[name=times]').isVisible()); // it still repeats
	// another form is a new one
	await form.locator('[data-close]').click();
	await page.locator('#confirm[open] [data-yes]').click();
	await form.waitFor({ state: 'detached' });
	await page.keyboard.press('n');
	await page.keyboard.press('c');
	await form.locator('#f-name').waitFor();
	assert.equal(await form.locator('#f-name').inputValue(), '');
	await page.keyboard.press('Escape');
});

test('what was typed into the drawer is not thrown away by a slip', async () => {
	await visit(`/agenda?date=${day}`, page);
	await page.keyboard.press('n');
	await page.keyboard.press('c');
	await drawer(page).locator('[name=note]').fill('Liga às 10 horas');
	await page.keyboard.press('Escape');
	const ask = page.locator('#confirm[open]');
	await ask.waitFor();
	await good();
	await ask.locator('[data-close]').click();
	assert.equal(await drawer(page).locator('[name=note]').inputValue(), 'Liga às 10 horas');
	await drawer(page).locator('[data-close]').click();
	await ask.locator('[data-yes]').click();
	await drawer(page).waitFor({ state: 'detached' });
	// nothing typed, nothing asked
	await page.keyboard.press('n');
	await page.keyboard.press('c');
	await drawer(page).locator('[name=note]').waitFor();
	await page.keyboard.press('Escape');
	await drawer(page).waitFor({ state: 'detached' });
	assert.equal(await ask.count(), 0);
});

test('two change one visit: the second is told what the first did, and keeps what was typed', async () => {
	const who = name('Lúcio');
	await newcomer(who, { dentist_id: dentists[2], date: day, time: '16:00' });
	for (const p of [page, other]) {
		await visit(`/agenda?date=${day}`, p);
		await card(who, p).locator('a.ev').click();
		await drawer(p).locator('a[href$="/edit"]').first().click();
		await drawer(p).locator('[name=note]').waitFor();
	}
	await drawer(page).locator('[name=note]').fill('da recepção');
	await drawer(page).locator('button[type=submit]').click();
	await toast('Consulta salva', page).waitFor();
	await drawer(other).locator('[name=title]').fill('Canal');
	await drawer(other).locator('button[type=submit]').click();
	await drawer(other).locator('.alert', { hasText: 'mudou esta consulta há pouco: observação' }).waitFor();
	assert.equal(await drawer(other).locator('[name=title]').inputValue(), 'Canal');
	await good(other);
	await drawer(other).locator('button[type=submit]').click();
	await toast('Consulta salva', other).waitFor();
});

test('the month of everybody is walked by the keyboard, and a day of it opened', async () => {
	await visit(`/agenda?view=month&date=${day}`, page);
	const at = () => page.evaluate(() => document.activeElement.dataset.day);
	await page.keyboard.press('ArrowDown');
	const first = await at();
	assert.ok(first);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowRight');
	assert.equal(await at(), dayAfter(first, 8));
	await newcomer(name('Moema'), { dentist_id: dentists[2], date: dayAfter(first, 8), time: '17:00', outside_hours: '1' }, other);
	await until(async () => (await cell(dayAfter(first, 8)).locator('.ag-cell-line').first().textContent()).includes('consulta'), 'the count');
	assert.equal(await at(), dayAfter(first, 8)); // drawn anew around the focus
	await page.keyboard.press('ArrowUp');
	assert.equal(await at(), dayAfter(first, 1));
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await page.waitForURL(`**/agenda?date=${dayAfter(first, 8)}`);
	await card(name('Moema'), page).waitFor();
});

test('of two changes that come close together the later one is drawn too', async () => {
	await visit(`/agenda?view=month&date=${day}`, page);
	const on = dayAfter(day, 1);
	const booked = async () => Number(await cell(on).locator('.ag-cell-line .num').first().textContent({ timeout: 500 }).catch(() => 0));
	const before = await booked();
	await page.evaluate(() => { // a slow line
		const { fetch } = window;
		window.asked = 0;
		window.fetch = async (...question) => {
			window.asked++;
			const answer = await fetch(...question);
			await new Promise((resolve) => setTimeout(resolve, 600));
			return answer;
		};
	});
	await newcomer(name('Primeira'), { dentist_id: dentists[2], date: on, time: '19:00', outside_hours: '1' }, other);
	await until(() => page.evaluate(() => window.asked), 'the first question');
	await newcomer(name('Segunda'), { dentist_id: dentists[2], date: on, time: '20:00', outside_hours: '1' }, other);
	await until(async () => (await booked()) === before + 2, 'both');
});

test('a page that is loaded again while it is filled in keeps the patient who was chosen', async () => {
	await page.goto(`${base}/agenda/new`);
	await page.locator('#f-name').pressSequentially('beatriz alm');
	await page.locator('.person-item').first().waitFor();
	await page.keyboard.press('Enter');
	await page.locator('main [name=note]').fill('Vem de longe');
	await page.waitForTimeout(600); // kept a moment later
	await page.reload();
	await page.locator('[data-draft-note] button').waitFor();
	assert.ok(await page.locator('main [name=patient_id]').inputValue());
	assert.ok(await page.locator('main [name=phone]').isHidden());
	await page.locator('[data-draft-note] button').click();
	assert.equal(await page.locator('main [name=note]').inputValue(), '');
	assert.equal(await page.locator('main [name=patient_id]').inputValue(), '');
	await good();
});

test('a booking in the past is made only by who says so', async () => {
	const past = dayAfter(new Date().toISOString().slice(0, 10), -35 - 7 * (Math.floor(Date.now() / 20_000) % 60));
	const fields = { name: name('Páris'), phone: phone(), minutes: 30, dentist_id: dentists[0], date: past, time: '09:00' };
	const answer = await book(fields, page);
	assert.equal(answer.status, 409, answer.text.slice(0, 200));
	assert.match(answer.text, /já passou/);
	assert.match(answer.text, /Marcar mesmo assim/);
	assert.equal((await book({ ...fields, outside_hours: '1' }, page)).status, 200);
});
