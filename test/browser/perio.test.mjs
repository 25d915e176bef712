// A periodontal exam typed as a dentist dictates it: digits walk through the mouth, each tooth saves
// itself, figures and drawing follow, a second person is told, a closed exam never changes, two exams
// are compared. Each page must pass check() of lib.mjs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, cspProblems, login, open, overflowProblems, touchProblems, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
let b, page, perio;

async function perioOf(p, name) {
	await p.goto(`${base}/patients?q=${encodeURIComponent(name)}`);
	const href = await p.locator('a[href^="/patients/"]', { hasText: name }).first().getAttribute('href');
	return `${href.match(/^\/patients\/\d+/)[0]}/perio`;
}

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'dentista@ianara.test', password);
	perio = await perioOf(page, 'Vera Lúcia Matos');
	await page.goto(base + perio);
});
after(() => b.close());

// MANUAL=1 renews the manual's pictures.
const picture = (p, title) =>
	process.env.MANUAL &&
	p.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });

const good = async (p = page) => assert.deepEqual(await check(p), []);
const press = (locator) => Promise.all([page.waitForNavigation(), locator.click()]);
const input = (tooth, what, site, p = page) => p.locator(`.pt[data-tooth="${tooth}"] input[data-what="${what}"][data-site="${site}"]`);
const nic = (tooth, side, p = page) => p.locator(`#nic-${tooth}-${side} .pt-n`).allTextContents();
const figure = (label, p = page) => p.locator('#perio-figures > div', { has: p.locator('dt', { hasText: label }) }).locator('dd').textContent();
const saved = (p = page) => until(async () => (await p.locator('#perio-state').textContent()) === 'Gravado', 'the tooth saved');
const focused = (p = page) => p.evaluate(() => {
	const at = document.activeElement;
	return `${at.closest('[data-tooth]')?.dataset.tooth} ${at.dataset.what} ${at.dataset.site}`;
});

test('a patient without an exam may begin one; the chart says which teeth are missing', async () => {
	await good();
	await press(page.locator('button', { hasText: 'Novo exame' }));
	assert.ok(await page.locator('.pt[data-tooth="16"] [data-what=missing]').isChecked());
	assert.ok(await input(16, 'probing', 0).isDisabled());
	assert.ok(await page.locator('.pt[data-tooth="15"] [data-what=furcation]').isDisabled());
});

test('digits walk through the mouth and a tooth saves itself when it is left', async () => {
	assert.equal(await focused(), '18 probing 2');
	await page.keyboard.type('324');
	assert.equal(await focused(), '17 probing 2');
	await saved();
	assert.equal(await input(18, 'probing', 0).inputValue(), '4');
	assert.equal(await figure('Sondagem média'), '3,0 mm');
	assert.equal(await figure('Bolsas ≥ 4'), '1');
	await page.keyboard.type('+2'); // ten and two
	assert.equal(await input(17, 'probing', 2).inputValue(), '12');
	await page.keyboard.type('+9');
	assert.match(await page.locator('#perio-state').textContent(), /0 a 15/);
	await page.keyboard.press('s');
	assert.ok(await input(17, 'bleeding', 1).isChecked());
	await page.keyboard.type('35');
	// 16 is missing: the walk goes on to 15
	assert.equal(await focused(), '15 probing 2');
	await saved();
	assert.equal(await figure('Bolsas ≥ 6'), '1');
	assert.equal(await figure('Sangramento'), '16,7%');
});

test('margin and probing give the attachment level; nobody types it', async () => {
	await page.selectOption('#perio-measure', 'both');
	await input(14, 'margin', 2).focus();
	await page.keyboard.type('2');
	assert.equal(await focused(), '14 probing 2');
	await page.keyboard.type('4-25');
	assert.equal(await input(14, 'margin', 1).inputValue(), '-2');
	await page.keyboard.type('03');
	await until(async () => (await nic(14, 'v')).join() === '6,3,3', 'NIC of 14');
	assert.match(await page.locator('#perio-uv .pg-floor').getAttribute('d'), /L/);
	await page.reload();
	assert.deepEqual(await nic(14, 'v'), ['6', '3', '3']);
	assert.equal(await page.inputValue('#perio-measure'), 'both');
	assert.ok(await input(17, 'bleeding', 1).isChecked());
	await good();
	await picture(page, 'periograma-digitar');
});

test('the second of two who write a tooth is told', async () => {
	const other = await open(b, `${base}/login`);
	await login(other, 'dona@ianara.test', password);
	await other.goto(base + perio);
	await input(25, 'probing', 0, other).fill('3');
	await input(26, 'probing', 0, other).focus();
	await saved(other);
	await input(25, 'probing', 0).fill('5');
	await input(27, 'probing', 0).focus();
	await page.locator('.toast', { hasText: 'Outra pessoa anotou' }).waitFor();
	await close(other);
	await page.reload();
	assert.equal(await input(25, 'probing', 0).inputValue(), '3');
});

test('a closed exam never changes', async () => {
	await page.fill('#perio-note', 'primeiro exame');
	await page.locator('.perio-close button').click();
	await Promise.all([page.waitForNavigation(), page.locator('dialog[open] button', { hasText: 'Encerrar exame' }).click()]);
	assert.equal(await page.locator('.pt input').count(), 0);
	assert.deepEqual(await nic(14, 'v'), ['6', '3', '3']);
	assert.equal(await page.locator('[data-perio]').count(), 0);
	const heard = await page.getByRole('group', { name: '14 vestibular, de distal a mesial' }).ariaSnapshot();
	assert.match(heard, /margem 2 -2 0 sondagem 4 5 3 NIC 6 3 3/);
	assert.doesNotMatch(heard, /status/);
});

test('an exam begun by mistake is put away, and comes back', async () => {
	await page.locator('button', { hasText: 'Novo exame' }).click();
	await page.locator('.perio-end').waitFor();
	const drafted = page.url();
	await page.locator('button', { hasText: 'Descartar exame' }).click();
	await page.locator('dialog[open] button', { hasText: 'Descartar' }).last().click();
	await page.locator('.toast', { hasText: 'Exame descartado' }).waitFor();
	assert.equal(await page.locator('.perio-end').count(), 0);
	await page.locator('.toast button', { hasText: 'Desfazer' }).click();
	await page.locator('.perio-end').waitFor();
	assert.equal(page.url().match(/exam=(\d+)/)[1], drafted.match(/exam=(\d+)/)[1]);
	await page.locator('button', { hasText: 'Descartar exame' }).click();
	await page.locator('dialog[open] button', { hasText: 'Descartar' }).last().click();
	await page.locator('.toast', { hasText: 'Exame descartado' }).waitFor();
});

test('two exams are compared on the sites that both have', async () => {
	await page.goto(base + (await perioOf(page, 'Sônia Regina Barreto')));
	await Promise.all([page.waitForNavigation(), page.selectOption('#perio-compare', { index: 1 })]);
	const table = page.locator('.card', { hasText: 'Comparação' });
	assert.match(await table.textContent(), /174 sítios medidos nos dois exames/);
	assert.ok((await page.locator('.pg-before').count()) === 4);
	await good();
	await picture(page, 'periograma');
});

test('on a phone the figures are as large as a finger', async () => {
	const phone = await open(b, `${base}/login`, { phone: true, dark: true });
	await login(phone, 'dentista@ianara.test', password);
	await phone.goto(base + perio);
	await Promise.all([phone.waitForNavigation(), phone.locator('button', { hasText: 'Novo exame' }).tap()]);
	await input(18, 'probing', 2, phone).tap();
	await phone.keyboard.type('3');
	assert.equal(await focused(phone), '18 probing 1');
	// axe has read these cells on the desk
	assert.deepEqual([...(await touchProblems(phone)), ...(await overflowProblems(phone)), ...(await cspProblems(phone))], []);
	await close(phone);
});
