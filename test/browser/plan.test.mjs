// From the catalogue to an accepted quote: prices in the grid, a plan with its limits, a PDF, a secret link answered
// on a phone, and what is left to book.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, setTheme, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
let b, page, plans, link;

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'gerente@ianara.test', password);
});
after(() => b.close());

const good = async (p = page) => assert.deepEqual(await check(p), []);
// MANUAL=1 renews the manual's pictures.
const picture = async (title, p = page) =>
	process.env.MANUAL && p.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });
const go = (path, p = page) => p.goto(base + path);
const submit = (p = page) => Promise.all([p.waitForNavigation(), p.click('#plan-form button[type=submit]')]);

async function plansOf(name) {
	await go(`/patients?q=${encodeURIComponent(name)}`);
	return `${await page.locator('a.cover', { hasText: name }).first().getAttribute('href')}/plans`;
}

test('the plan of a patient shows what is done, approved and proposed, and its sums are right', async () => {
	await go(await plansOf('Sônia Regina Barreto'));
	await good();
	await picture('plano');
	const states = await page.locator('#plan tbody .badge').allTextContents();
	for (const state of ['Realizado', 'Em andamento', 'Aprovado', 'Proposto'])
		assert.ok(states.some((text) => text.includes(state)), state);
	const cents = (text) => Number(text.replace(/[^\d]/g, ''));
	const sums = (await page.locator('#plan footer dd').allTextContents()).map(cents);
	assert.equal(sums[0] - sums[1], sums[2]);
	await go(`${new URL(page.url()).pathname}?group=tooth`);
	await page.locator('th[scope=colgroup]', { hasText: '26 · Primeiro molar superior esquerdo' }).waitFor();
	await setTheme(page, true);
	await page.reload();
	await good();
	await setTheme(page, false);
});

test('a procedure is typed, a wrong tooth is said beside the field, several teeth are several lines', async () => {
	plans = await plansOf('Mariana Siqueira');
	await go(plans);
	const before = await page.locator('#plan tbody tr').count();
	await page.fill('#pick', 'canal 3');
	await page.locator('#pick-list a', { hasText: 'multirradicular' }).first().click();
	await page.fill('#drawer-in [name=where]', '19, 99');
	await page.click('#plan-form button[type=submit]');
	await page.locator('#drawer-in [name=where][aria-invalid=true]').waitFor();
	await good();
	await page.fill('#drawer-in [name=where]', '36, 46');
	await submit();
	assert.equal(await page.locator('#plan tbody tr').count(), before + 2);
});

test('a dentist gives five percent and no more', async () => {
	const dentist = await open(b, `${base}/login`);
	await login(dentist, 'dentista@ianara.test', password);
	await go(plans, dentist);
	await dentist.locator('#plan tbody a[data-drawer]', { hasText: 'Faceta' }).first().click();
	await dentist.fill('#drawer-in [name=discount]', '110,01');
	await dentist.click('#plan-form button[type=submit]');
	await dentist.locator('#drawer-in', { hasText: 'Seu limite é 5% (R$ 110,00)' }).waitFor();
	await dentist.fill('#drawer-in [name=discount]', '110,00');
	await submit(dentist);
	await dentist.locator('#plan td', { hasText: '− R$ 110,00' }).first().waitFor();
	await close(dentist);
});

test('a presented quote is a PDF a moment later', async () => {
	await go(plans);
	await page.click('a:has-text("Apresentar de novo")');
	await page.fill('#drawer-in [name=payment]', 'Em até 10 vezes no cartão');
	await submit();
	const button = page.locator('#plan a:has-text("PDF")');
	await button.waitFor({ timeout: 15_000 });
	const bytes = await page.evaluate(async (url) => {
		const answer = await fetch(url);
		return [answer.headers.get('content-type'), (await answer.text()).slice(0, 5)];
	}, await button.getAttribute('href'));
	assert.deepEqual(bytes, ['application/pdf', '%PDF-']);
});

test('the link is made once, and says who asked wrongly nothing', async () => {
	await page.click('a:has-text("Enviar por link")');
	await page.fill('#drawer-in [name=email]', 'mariana@exemplo.com');
	await page.click('#plan-form button[type=submit]');
	link = await page.inputValue('#quote-link');
	await picture('orcamento-link');
	const phone = await open(b, link, { phone: true });
	await good(phone);
	assert.ok(!(await phone.content()).includes('Mariana'));
	await phone.fill('[name=birth]', '01/01/2000');
	await Promise.all([phone.waitForNavigation(), phone.click('button[type=submit]')]);
	await phone.locator('text=Não confere').waitFor();
	await good(phone);
	assert.ok(!(await phone.content()).includes('Mariana'));
	const foreign = await phone.goto(link.replace('ianara.', 'aurora.'));
	assert.equal(foreign.status(), 404);
	await good(phone);
	await close(phone);
});

async function reader() {
	const phone = await open(b, link, { phone: true });
	await phone.fill('[name=birth]', '23/11/1988');
	await Promise.all([phone.waitForNavigation(), phone.click('button[type=submit]')]);
	return phone;
}

test('accepted in two tabs it is approved once, and a used link says so', async () => {
	const [one, two] = [await reader(), await reader()];
	await good(one);
	await picture('orcamento-celular', one);
	await one.click('button:has-text("Aceitar orçamento")');
	await one.locator('text=Escreva seu nome completo').waitFor();
	for (const tab of [one, two]) {
		await tab.check('[name=agree]');
		await tab.fill('#quote-name', 'Mariana Siqueira');
		await Promise.all([tab.waitForNavigation(), tab.click('button:has-text("Aceitar orçamento")')]);
		await tab.locator('h1', { hasText: 'Orçamento aceito' }).waitFor();
	}
	assert.equal((await one.goto(link)).status(), 410);
	await one.locator('h1', { hasText: 'já foi aceito' }).waitFor();
	await good(one);
	await Promise.all([close(one), close(two)]);
	await go(plans);
	await page.locator('#plan + section .badge', { hasText: 'Aceito' }).waitFor();
	assert.equal(await page.locator('#plan tbody .badge', { hasText: 'Proposto' }).count(), 0);
});

test('what was approved waits to be booked, and is tied to a visit', async () => {
	await go('/treatments');
	await good();
	await picture('tratamentos');
	const row = page.locator('tbody tr', { hasText: 'Mariana Siqueira' });
	const waiting = await row.count();
	assert.ok(waiting >= 5);
	await row.first().locator('a:has-text("Agendar")').click();
	await page.locator('#drawer-in [name=appointment]').first().waitFor();
	await submit();
	await go('/treatments');
	assert.equal(await row.count(), waiting - 1);
	for (const list of ['open', 'refused']) {
		await go(`/treatments?list=${list}`);
		await good();
	}
});

test('the catalogue is searched, priced by keyboard, and changed as a whole only after a look', async () => {
	await go('/settings/procedures?q=zirconia');
	assert.equal(await page.locator('tbody tr').count(), 1);
	await good();
	await go('/settings/procedures');
	await picture('procedimentos');
	await go('/settings/prices');
	await good();
	const cell = page.locator('input[aria-label="Coroa em zircônia, Odontoprev"]');
	await cell.fill('dois mil');
	await page.keyboard.press('Tab');
	await page.locator('td [role=alert]', { hasText: 'Informe um valor' }).waitFor();
	await cell.fill('1.580,00');
	await page.keyboard.press('Tab');
	await page.locator('td:has(input[aria-label="Coroa em zircônia, Odontoprev"]) [role=status]').waitFor({ state: 'attached' });
	await picture('precos');
	await go('/settings/prices/change?table=0&percent=8&step=500');
	await good();
	await page.locator('tr', { hasText: 'Coroa em zircônia' }).locator('td', { hasText: 'R$ 2.590,00' }).waitFor();
	await go('/settings/procedures?q=zirconia');
	await page.locator('tr', { hasText: 'R$ 2.400,00' }).waitFor();
});

test('a code is found in the TUSS table that was imported, and taken into the form', async () => {
	await go('/settings/procedures/new');
	assert.equal(await page.locator('#tuss-find').count(), 0);
	await go('/settings/tuss');
	await page.setInputFiles('#tuss-file input[type=file], input#tuss-file', {
		name: 'tuss.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from('Código;Nome\n87000040;Coroa de acetato em dente decíduo\n87000059;Coroa de aço em dente decíduo\n'),
	});
	await page.locator('button', { hasText: 'Importar' }).click();
	await page.waitForURL(/\/settings\/procedures$/);
	await go('/settings/procedures/new');
	await page.fill('#tuss-find', 'coroa aço');
	await page.locator('#tuss-list button', { hasText: '87000059' }).click();
	await until(async () => (await page.inputValue('#f-code')) === '87000059', 'the code');
	assert.equal(await page.inputValue('#f-name'), 'Coroa de aço em dente decíduo');
	await page.fill('#f-name', 'Coroa de aço');
	await page.fill('#tuss-find', '8700004');
	await page.locator('#tuss-list button', { hasText: 'acetato' }).click();
	await until(async () => (await page.inputValue('#f-code')) === '87000040', 'the other code');
	assert.equal(await page.inputValue('#f-name'), 'Coroa de aço'); // a name that was typed stays
	await good();
});
