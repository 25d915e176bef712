// The odontogram as a dentist uses it: teeth and faces by mouse, keys and finger, a typed line with its
// preview, a plan that takes what is planned, a second person in the same chart, the chart of another
// day. Each page must pass check() of lib.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, setTheme, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
let b, page, chart;

// The patient whose name it is, by the list of patients.
async function chartOf(p, name) {
	await p.goto(`${base}/patients?q=${encodeURIComponent(name)}`);
	const href = await p.locator('a[href^="/patients/"]', { hasText: name }).first().getAttribute('href');
	return `${href.match(/^\/patients\/\d+/)[0]}/chart`;
}

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'dentista@ianara.test', password);
	chart = await chartOf(page, 'Sônia Regina Barreto');
	await page.goto(base + chart);
});
after(() => b.close());

// MANUAL=1 renews the manual's pictures.
const picture = (p, title, options = {}) =>
	process.env.MANUAL &&
	p.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname, ...options });

const good = async (p = page) => assert.deepEqual(await check(p), []);
const tooth = (n, p = page) => p.locator(`#t${n}`);
const inspector = (p = page) => p.locator('#inspector');
const shows = (text, p = page) => until(async () => (await inspector(p).textContent()).includes(text), `"${text}" in the inspector`);
const chosen = (n, p = page) => until(async () => (await inspector(p).getAttribute('data-teeth')) === String(n), `${n} in the inspector`);
const face = (n, letter, p = page) => tooth(n, p).locator(`[data-face="${letter}"]`).first();
const mode = (name) => page.locator('.odo-mode', { hasText: name }).click();

test('the chart shows what is known, and what is not known looks otherwise than healthy', async () => {
	await tooth(26).click({ position: { x: 12, y: 12 } });
	await shows('Coroa em zircônia');
	assert.match(await tooth(16).getAttribute('aria-label'), /Cárie MO/);
	assert.match(await tooth(24).getAttribute('aria-label'), /não examinado/);
	assert.match(await tooth(13).getAttribute('aria-label'), /Hígido/);
	const dash = (n) => tooth(n).locator('.odo-box').evaluate((box) => getComputedStyle(box).strokeDasharray);
	assert.notEqual(await dash(24), await dash(13));
	await good();
	await picture(page, 'odontograma');
	await setTheme(page, true);
	await page.reload();
	await good();
	await setTheme(page, false);
	await page.reload();
});

test('keys: arrows move, letters mark faces, the search writes', async () => {
	await tooth(24).focus();
	await page.keyboard.press('ArrowRight');
	assert.equal(await page.evaluate(() => document.activeElement.id), 't25');
	await page.keyboard.press('ArrowDown');
	assert.equal(await page.evaluate(() => document.activeElement.id), 't35');
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowLeft');
	assert.equal(await page.evaluate(() => document.activeElement.id), 't24');
	await page.keyboard.press('o');
	await page.keyboard.press('m');
	await shows('24 MO');
	assert.match(await page.getByRole('status').filter({ hasText: '24' }).textContent(), /^24 MO/); // who does not see it hears it
	await page.keyboard.press('Enter');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'odo-find');
	await page.keyboard.type('resina 2');
	await until(async () => /^Restauração em resina 2 faces/.test((await page.locator('.odo-choice').allTextContents())[0]) && (await page.locator('.odo-choice').count()) < 4, 'the filling of two faces first');
	await page.keyboard.press('Enter');
	await until(async () => /Planejado: Restauração em resina 2 faces MO/.test(await tooth(24).getAttribute('aria-label')), 'the plan on 24');
	assert.equal(await tooth(24).getAttribute('aria-pressed'), 'true');
});

test('a mouse marks faces on the tooth itself and a finding is written', async () => {
	await mode('Achado');
	await face(34, 'O').click();
	await shows('34 O');
	await until(async () => (await page.locator('.odo-choice', { hasText: 'Cárie' }).count()) === 1, 'caries offered');
	await page.locator('.odo-choice', { hasText: 'Cárie' }).click();
	await until(async () => /Cárie O/.test(await tooth(34).getAttribute('aria-label')), 'caries on 34');
	await page.locator('.toast', { hasText: 'Cárie: 34 O' }).waitFor();
	// what a finding asks for is offered
	await mode('Planejado');
	await page.locator('.odo-choice.is-because', { hasText: 'Restauração em resina 1 face' }).waitFor();
});

test('many teeth are written at once', async () => {
	await mode('Achado');
	await tooth(42).click({ position: { x: 10, y: 60 } });
	await tooth(32).click({ modifiers: ['Shift'], position: { x: 10, y: 60 } });
	await shows('42, 41, 31, 32');
	await page.locator('.odo-choice', { hasText: 'Recessão gengival' }).click();
	await until(async () => /Recessão/.test(await tooth(41).getAttribute('aria-label')), 'recession on 41');
	assert.match(await tooth(32).getAttribute('aria-label'), /Recessão/);
	assert.doesNotMatch(await tooth(33).getAttribute('aria-label'), /Recessão/);
});

test('a typed line says what it means before it is written', async () => {
	await mode('Planejado');
	const preview = page.locator('#line-preview');
	await page.fill('#line', '99 resina');
	await until(async () => (await preview.textContent()).includes('O dente 99 não existe'), 'why not');
	await page.fill('#line', '47 v resina');
	await until(async () => /47 V.*Restauração em resina 1 face.*Planejado/s.test(await preview.textContent()), 'the preview');
	await page.keyboard.press('Enter');
	await until(async () => /resina 1 face V/.test(await tooth(47).getAttribute('aria-label')), 'the filling on 47');
	assert.equal(await page.inputValue('#line'), '');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'line');
	// a condition says its own kind
	await page.fill('#line', '44 mancha v');
	await page.fill('#line', '44 v mancha');
	await until(async () => /44 V.*Mancha branca.*Achado/s.test(await preview.textContent()), 'a finding');
});

test('a bridge is one act over its teeth', async () => {
	await page.fill('#line', '45-47 ponte');
	await page.keyboard.press('Enter');
	await until(async () => /47–45/.test(await tooth(46).getAttribute('aria-label')), 'the bridge over 46');
	assert.ok((await tooth(46).locator('.tbar').count()) > 0);
	assert.ok((await tooth(47).locator('.tbar').count()) > 0);
	await page.locator('.odo-tools button[title^="Desfazer"]').click();
	await until(async () => !/47–45/.test(await tooth(46).getAttribute('aria-label')), 'the bridge taken back');
});

test('who carries in a bridge is said and corrected', async () => {
	await page.fill('#line', '34-36 ponte existente');
	await page.keyboard.press('Enter');
	await until(async () => /34–36/.test(await tooth(35).getAttribute('aria-label')), 'the bridge over 35');
	const line = inspector().locator('.odo-act', { hasText: 'Ponte fixa existente' });
	assert.match(await line.textContent(), /34 pilar, 35 pôntico, 36 pilar/);
	const role = (n) => line.locator(`select[aria-label="Papel do dente ${n}"]`);
	const store = async (roles) => {
		for (const [n, value] of roles) await role(n).selectOption(value);
		await line.locator('button', { hasText: 'Gravar papéis' }).click();
	};
	await line.locator('summary', { hasText: 'Mudar pilares' }).click();
	await good();
	await store([[34, 'pontic'], [36, 'pontic']]);
	await page.locator('[role=alert]', { hasText: 'ao menos um pilar' }).waitFor();
	assert.equal(await role(36).inputValue(), 'pontic'); // what was refused is still there to be corrected
	await store([[34, 'pillar'], [36, 'cantilever']]);
	await inspector().locator('.odo-act', { hasText: '36 extremo livre' }).waitFor();
	await page.locator('.odo-tools button[title^="Desfazer"]').click();
	await until(async () => !/34–36/.test(await tooth(35).getAttribute('aria-label')), 'the bridge taken back');
});

test('all that is drawn stands in a list, which goes on paper', async () => {
	const list = page.locator('.odo-all');
	await list.locator('summary').click();
	assert.match(await list.textContent(), /26.*Coroa em zircônia.*Planejado/s);
	assert.match(await list.textContent(), /Hígidos:.*13/s);
	await good();
	await list.locator('summary').click();
	await page.emulateMedia({ media: 'print' });
	await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
	assert.ok(await page.locator('#odo-list').isVisible());
	assert.equal(await page.locator('#inspector').isVisible(), false);
	await page.evaluate(() => dispatchEvent(new Event('afterprint')));
	await page.emulateMedia({ media: 'screen' });
	assert.equal(await page.locator('#odo-list').isVisible(), false);
});

test('of two alternatives one is drawn: the active one, or the one chosen', async () => {
	const plans = chart.replace('/chart', '/plans');
	await page.goto(`${base}${plans}/new`);
	await page.fill('[name=name]', 'Sem faceta');
	await Promise.all([page.waitForNavigation(), page.locator('main button[type=submit]').first().click()]);
	await page.fill('#pick', 'implante');
	await page.locator('#pick-list a', { hasText: 'Implante osseointegrado' }).click();
	await page.fill('#drawer-in [name=where]', '12');
	await Promise.all([page.waitForNavigation(), page.click('#plan-form button[type=submit]')]);
	await page.goto(base + chart);
	assert.match(await tooth(11).getAttribute('aria-label'), /Faceta/);
	assert.doesNotMatch(await tooth(12).getAttribute('aria-label'), /Implante/);
	await page.locator('.odo-plans a', { hasText: 'Sem faceta' }).click();
	await page.locator('.alert', { hasText: 'Proposta de “Sem faceta”' }).waitFor();
	assert.match(await tooth(12).getAttribute('aria-label'), /Planejado: Implante/);
	assert.doesNotMatch(await tooth(11).getAttribute('aria-label'), /Faceta/);
	assert.match(await tooth(26).getAttribute('aria-label'), /Planejado: Coroa/); // agreed on: always there
	assert.equal(await page.locator('#line-form').count(), 0);
	await tooth(12).click({ position: { x: 12, y: 12 } });
	await shows('Implante osseointegrado');
	await good();
	await page.goto(base + chart);
});

test('what may not stand there is refused with a sentence', async () => {
	await page.fill('#line', '16 m resina 2 faces');
	await page.keyboard.press('Enter');
	await until(async () => /exatamente 2 faces/.test(await page.locator('[role=alert], #line-preview').allTextContents().then((all) => all.join())), 'the refusal');
	await page.fill('#line', '');
});

let other; // a second person
test('two people in one chart: the second is told, nothing is overwritten', async () => {
	other = await open(b, `${base}/login`);
	await login(other, 'dona@ianara.test', password);
	await other.goto(base + chart);
	for (const p of [page, other]) {
		await tooth(16, p).click({ position: { x: 12, y: 12 } });
		await chosen(16, p);
	}
	const button = (p) => inspector(p).locator('.odo-act', { hasText: 'Restauração em resina 2 faces' }).locator('button', { hasText: 'Realizado' });
	await page.locator('#odo-note').focus(); // writing: the inspector is left alone
	await button(other).click();
	const done = /Realizado: Restauração em resina 2 faces MO/;
	await until(async () => done.test(await tooth(16, other).getAttribute('aria-label')), 'done by the other');
	await until(async () => done.test(await tooth(16).getAttribute('aria-label')), 'the tooth drawn anew by itself');
	await button(page).click();
	await page.locator('.toast', { hasText: 'Outra pessoa mudou' }).waitFor();
});

test('a form that is open in the panel is not drawn over; the panel catches up after', async () => {
	await tooth(26).click({ position: { x: 12, y: 12 } });
	await chosen(26);
	// the other's change makes the page ask; the answer comes when a form was opened meanwhile
	let answer, asked = false;
	const held = new Promise((resolve) => (answer = resolve));
	await page.route('**/chart/inspector?*', async (route) => {
		asked = true;
		await held;
		await route.continue();
	});
	await other.fill('#line', '26 v mancha');
	await other.keyboard.press('Enter');
	await until(() => asked, 'the panel asked for anew');
	const line = inspector().locator('.odo-act', { hasText: 'Coroa em zircônia' });
	const reason = line.locator('[action$=void] [name=reason], [hx-post$=void] [name=reason]');
	await line.locator('summary', { hasText: 'Anular' }).click();
	await reason.fill('era o 27');
	const late = page.waitForResponse(/chart\/inspector/);
	answer();
	await (await late).finished();
	await page.waitForTimeout(100);
	await page.unroute('**/chart/inspector?*');
	assert.equal(await reason.inputValue(), 'era o 27');
	assert.doesNotMatch(await inspector().textContent(), /Mancha branca/);
	await reason.fill('');
	await line.locator('summary', { hasText: 'Anular' }).click();
	await tooth(26).focus();
	await shows('Mancha branca');
	await close(other);
});

test('what was typed stays with its tooth', async () => {
	const note = page.locator('#odo-note');
	await note.fill('cor A2');
	await page.locator('#face-4').click();
	await shows('26 V');
	assert.equal(await note.inputValue(), 'cor A2');
	await tooth(16).click({ position: { x: 12, y: 12 } });
	await chosen(16);
	assert.equal(await note.inputValue(), '');
	await tooth(26).click({ position: { x: 12, y: 12 } });
	await chosen(26);
	assert.equal(await note.inputValue(), 'cor A2');
	// the answer to a typed line comes late: its tooth is drawn, the panel and the focus stay
	let answer;
	const held = new Promise((resolve) => (answer = resolve));
	await page.route('**/chart/line', async (route) => {
		await held;
		await route.continue();
	});
	await page.fill('#line', '23 v fratura');
	await page.keyboard.press('Enter');
	await note.fill('cor A3');
	answer();
	await until(async () => /Fratura/.test(await tooth(23).getAttribute('aria-label')), 'the fracture of 23');
	await page.unroute('**/chart/line');
	assert.equal(await note.inputValue(), 'cor A3');
	assert.equal(await inspector().getAttribute('data-teeth'), '26');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'odo-note');
	await page.locator('.odo-tools button[title^="Desfazer"]').click();
	await until(async () => !/Fratura/.test(await tooth(23).getAttribute('aria-label')), 'the fracture taken back');
	assert.equal(await note.inputValue(), 'cor A3');
	await note.fill('');
});

test('on a slow line nothing is written on the tooth before', async () => {
	const slow = /\/chart\/inspector/;
	await tooth(28).click();
	await chosen(28);
	await mode('Achado');
	await until(async () => (await inspector().textContent()).includes('Hígido'), 'findings in the inspector');
	await page.route(slow, async (route) => {
		await new Promise((done) => setTimeout(done, 900));
		await route.continue().catch(() => {});
	});
	await tooth(38).click();
	await inspector().locator('.odo-choice', { hasText: 'Incluso' }).first().click();
	await chosen(38);
	await page.unroute(slow);
	assert.doesNotMatch(await tooth(28).getAttribute('aria-label'), /Incluso/);
	assert.equal(await page.locator('.tooth[aria-pressed=true]').getAttribute('data-tooth'), '38');
	assert.match(await page.locator('body').textContent(), /ainda não mostra o que está escolhido/);
});

test('a record is voided with a reason and stays in the history', async () => {
	await tooth(34).click({ position: { x: 12, y: 100 } });
	await chosen(34);
	const line = inspector().locator('.odo-act', { hasText: 'Cárie' });
	await line.locator('summary', { hasText: 'Anular' }).click();
	await line.locator('input[name=reason]').last().fill('dente errado');
	await line.locator('button', { hasText: 'Anular' }).click();
	await until(async () => !/Cárie/.test(await tooth(34).getAttribute('aria-label')), 'caries gone');
	await inspector().locator('.odo-history summary').click();
	assert.match(await inspector().locator('.odo-history').textContent(), /Anulado: dente errado/);
});

test('the chart of another day is shown and compared', async () => {
	await page.locator('#odo-compare').check();
	await page.locator('#odo-when').focus();
	await page.keyboard.press('Home');
	await page.locator('#odo-main[data-past]').waitFor();
	assert.match(await tooth(16).getAttribute('aria-label'), /não examinado/);
	assert.match(await tooth(14).getAttribute('aria-label'), /Realizado/);
	assert.ok(await tooth(16).evaluate((t) => t.classList.contains('is-changed')));
	assert.equal(await page.locator('#line-form').isVisible(), false);
	await picture(page, 'odontograma-data');
	await page.locator('#odo-when').focus();
	await page.keyboard.press('End');
	await page.locator('#odo-main:not([data-past])').waitFor();
});

test('on a phone a finger chooses the tooth and buttons the face; a child has both dentitions', async () => {
	const phone = await open(b, `${base}/login`, { phone: true });
	await login(phone, 'dentista@ianara.test', password);
	await phone.goto(base + chart);
	await good(phone);
	await tooth(17, phone).tap();
	await chosen(17, phone);
	await phone.locator('#face-4').tap();
	await shows('17 V', phone);
	await picture(phone, 'odontograma-celular');
	await phone.goto(base + (await chartOf(phone, 'Davi Monteiro')));
	assert.equal(await tooth(54, phone).count(), 1);
	assert.equal(await tooth(16, phone).count(), 1);
	await good(phone);
	await close(phone);
});

test('who may only look finds no way to write', async () => {
	const looker = await open(b, `${base}/login`);
	await login(looker, 'auxiliar@ianara.test', password);
	await looker.goto(base + chart);
	await tooth(26, looker).click({ position: { x: 12, y: 12 } });
	await shows('Coroa em zircônia', looker);
	assert.equal(await looker.locator('#line-form, #act-form, .odo-act-end').count(), 0);
	await good(looker);
	await close(looker);
});
