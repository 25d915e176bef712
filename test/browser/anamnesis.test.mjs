// An anamnesis from the counter to the patient's phone and back to the dentist.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, shot, until } from './lib.mjs';

const url = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
// MANUAL=1 renews the manual's pictures.
const picture = (of, title) =>
	process.env.MANUAL ? of.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname }) : shot(of, title);
let b, desk, chart, link;

const chartOf = async (page, name) => {
	await page.goto(`${url}/patients?q=${encodeURIComponent(name)}`);
	const all = await page.locator('a[href^="/patients/"]').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
	return url + all.find((href) => /^\/patients\/\d+$/.test(href));
};

const statusOf = async (page, address) => (await page.goto(address)).status();

// As a person writes: a line with the pen down.
async function sign(page) {
	const box = await page.locator('[data-pad] canvas').boundingBox();
	await page.locator('[data-pad] canvas').scrollIntoViewIfNeeded();
	const { x, y } = (await page.locator('[data-pad] canvas').boundingBox()) ?? box;
	await page.mouse.move(x + 40, y + 70);
	await page.mouse.down();
	for (let i = 1; i <= 12; i++) await page.mouse.move(x + 40 + i * 18, y + 70 + (i % 2 ? -30 : 20));
	await page.mouse.up();
	await until(() => page.locator('[name=signature]').inputValue(), 'the signature');
}

// The first answer of every question that must be answered and is not.
const answerRest = (page) =>
	page.evaluate(() => {
		for (const item of document.querySelectorAll('[data-question]')) {
			if (!item.querySelector('[title="Obrigatória"]')) continue;
			const fields = [...item.querySelectorAll('[name^="q"]')];
			if (fields.some((field) => (field.type === 'radio' ? field.checked : field.type !== 'checkbox' && field.value))) continue;
			const field = fields.find((each) => each.value === 'no') ?? fields[0];
			if (field.type === 'radio') field.checked = true;
			else field.value = 'Revisão';
			field.dispatchEvent(new Event('input', { bubbles: true }));
		}
	});

before(async () => {
	b = await browser();
	desk = await open(b, `${url}/login`);
	await login(desk, 'recepcao@ianara.test', password);
	chart = await chartOf(desk, 'Carla Moreira');
});
after(() => b.close());

test('the reception makes a link that is shown once', async () => {
	await desk.goto(`${chart}/anamnesis`);
	assert.deepEqual(await check(desk), []);
	await desk.click('button:has-text("Nova anamnese")');
	await desk.selectOption('[name=questionnaire_id]', { label: 'Adulto' });
	await desk.check('[name=way][value=link]', { force: true });
	await desk.click('dialog button:has-text("Começar")');
	await desk.waitForURL(/\/fill/);
	await desk.click('button:has-text("Criar link")');
	await desk.waitForSelector('[data-link]');
	link = (await desk.locator('[data-link]').textContent()).trim();
	assert.match(link, /\/anamnesis\/[\w-]{43}$/);
	assert.match(await desk.locator('a:has-text("Enviar pelo WhatsApp")').getAttribute('href'), /^https:\/\/wa\.me\/55\d+\?text=Ol/);
	assert.deepEqual(await check(desk), []);
	await picture(desk, 'anamnese-link');
	await desk.reload();
	assert.equal(await desk.locator('[data-link]').count(), 0);
	link = url + new URL(link).pathname;
});

test('the link asks for the birth date, keeps answers over a reload, and is used once', async () => {
	const phone = await open(b, link, { phone: true });
	assert.deepEqual(await check(phone), []);
	await phone.fill('[name=birth]', '1974-06-22');
	await phone.click('button:has-text("Continuar")');
	await phone.waitForSelector('text=Restam 4 tentativas');
	await phone.fill('[name=birth]', '1974-06-21');
	await phone.click('button:has-text("Continuar")');
	await phone.waitForSelector('[data-anamnesis]');
	const allergy = phone.locator('[data-question]').filter({ hasText: 'Tem alergia a algum remédio' });
	await allergy.locator('label:has-text("Sim")').click();
	await allergy.locator('textarea').fill('Dipirona');
	await until(async () => (await phone.locator('[data-saved]').textContent()) === 'Salvo', 'the answer to be kept');
	// the reception has the same questions open, and none of these answers on its page
	await desk.locator('[data-question]').filter({ hasText: 'O que trouxe você' }).locator('textarea').fill('Dor ao mastigar');
	await until(async () => (await desk.locator('[data-saved]').textContent()) === 'Salvo', 'the answer at the counter to be kept');
	await phone.reload();
	assert.equal(await allergy.locator('textarea').inputValue(), 'Dipirona');
	assert.equal(await phone.locator('[data-question]').filter({ hasText: 'O que trouxe você' }).locator('textarea').inputValue(), 'Dor ao mastigar');
	assert.equal(await allergy.locator('[value=yes]').isChecked(), true);
	assert.deepEqual(await check(phone), []);
	await picture(phone, 'anamnese-celular');

	// on a slow line the first answer is there before the script is
	let come;
	const held = new Promise((resolve) => (come = resolve));
	await phone.route(/static\/anamnesis/, async (route) => {
		await held;
		await route.continue();
	});
	await phone.reload({ waitUntil: 'commit' });
	const bare = phone.locator('[data-question]:has([data-detail]):not(:has(:checked))').first();
	const other = phone.locator(`[data-question="${await bare.getAttribute('data-question')}"]`);
	await other.locator('label:has-text("Sim")').click();
	assert.equal(await other.locator('textarea').isVisible(), false);
	come();
	await other.locator('textarea').fill('desde criança');
	await until(async () => (await phone.locator('[data-saved]').textContent()) === 'Salvo', 'the early answer to be kept');
	await phone.unroute(/static\/anamnesis/);
	await phone.reload();
	assert.equal(await other.locator('[value=yes]').isChecked(), true);
	assert.equal(await other.locator('textarea').inputValue(), 'desde criança');

	await phone.fill('[name=signer]', 'Carla Moreira');
	await sign(phone);
	await phone.click('button:has-text("Assinar e enviar")');
	await phone.waitForSelector('text=Responda esta pergunta');
	assert.ok(await phone.locator('[name=signature]').inputValue(), 'the signature is still there');
	assert.equal(await allergy.locator('textarea').inputValue(), 'Dipirona');
	await answerRest(phone);
	await phone.click('button:has-text("Assinar e enviar")');
	await phone.waitForURL(/\/thanks$/);
	await phone.waitForSelector('text=Respostas enviadas');
	assert.deepEqual(await check(phone), []);
	assert.equal(await statusOf(phone, link), 410);
	await phone.waitForSelector('text=já foram enviadas');
	await close(phone);
});

test('links that are not, or are of another clinic, lead to a friendly page', async () => {
	const page = await open(b, null, { dark: true });
	assert.equal(await statusOf(page, `${url}/anamnesis/${'x'.repeat(43)}`), 404);
	await page.waitForSelector('text=Não conhecemos este link');
	assert.deepEqual(await check(page), []);
	assert.equal(await statusOf(page, link.replace('ianara', 'aurora')), 404);
	await close(page);
});

test('the dentist sees the alert at once, reviews the answers, and ends the alert with a reason', async () => {
	const page = await open(b, `${url}/login`);
	await login(page, 'dentista@ianara.test', password);
	await page.goto(`${chart}/anamnesis`);
	assert.ok(await page.locator('.patient-head:has-text("Dipirona")').count(), 'the head warns');
	assert.equal(await page.locator('text=A confirmar').count(), 1);
	await page.click('a.cover:has-text("Adulto")');
	await page.waitForSelector('svg[aria-label^="Assinatura"]');
	assert.ok((await page.locator('text=Não respondida').count()) > 3, 'what was not answered says so');
	assert.deepEqual(await check(page), []);
	await picture(page, 'anamnese-respostas');
	await page.click('button:has-text("Conferir")');
	await page.waitForURL(/\/anamnesis$/);
	assert.equal(await page.locator('text=A confirmar').count(), 0);
	await page.click('button:has-text("Encerrar")');
	await page.fill('dialog[open] [name=reason]', 'Teste negativo');
	await page.click('dialog[open] button:has-text("Encerrar alerta")');
	await page.waitForSelector('text=1 encerrado');
	assert.equal(await page.locator('.patient-head:has-text("Dipirona")').count(), 0);
	assert.deepEqual(await check(page), []);
	await close(page);
});

test('the reception does not read what the patient said', async () => {
	await desk.goto(`${chart}/anamnesis`);
	assert.equal(await desk.locator('a.cover:has-text("Adulto")').count(), 0);
	assert.equal(await desk.locator('h2:has-text("Alertas")').count(), 0);
});

test('on the tablet nothing is asked before the questions', async () => {
	await desk.goto(`${await chartOf(desk, 'Sofia Martins')}/anamnesis`);
	await desk.click('button:has-text("Nova anamnese")');
	await desk.check('[name=way][value=tablet]', { force: true });
	await desk.click('dialog button:has-text("Começar")');
	await desk.waitForURL(/\/fill/);
	await desk.click('button:has-text("Usar o tablet")');
	await desk.waitForSelector('[data-link]');
	const tablet = await open(b, url + new URL(await desk.locator('[data-link]').textContent()).pathname, { dark: true });
	await tablet.waitForSelector('[data-full]');
	assert.deepEqual(await check(tablet), []);
	await shot(tablet, 'anamnesis-tablet');
	await close(tablet);
});

test('a change of the questionnaire becomes a version when it is published', async () => {
	const page = await open(b, `${url}/login`);
	await login(page, 'gerente@ianara.test', password);
	await page.goto(`${url}/settings/anamnesis`);
	assert.deepEqual(await check(page), []);
	await page.click('a.cover:has-text("Ortodontia")');
	await page.click('button:has-text("Editar perguntas")');
	await page.click('a:has-text("Nova pergunta")');
	await page.fill('[name=text]', 'Quer alinhador ou aparelho fixo?');
	await page.selectOption('[name=kind]', 'choice');
	assert.deepEqual(await check(page), []);
	await page.click('button:has-text("Adicionar pergunta")');
	await page.waitForSelector('text=Escreva ao menos duas opções');
	for (const option of ['Alinhador', 'Fixo']) {
		await page.locator('[data-tags=options] input:not([type=hidden])').fill(option);
		await page.keyboard.press('Enter');
	}
	await page.click('button:has-text("Adicionar pergunta")');
	await page.waitForSelector('text=Versão 2, ainda não publicada');
	assert.deepEqual(await check(page), []);
	await picture(page, 'anamnese-perguntas');
	await page.click('button:has-text("Publicar")');
	await page.waitForSelector('text=Versão 2, publicada em');
	await close(page);
});
