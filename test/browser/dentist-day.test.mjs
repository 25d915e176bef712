// The dentist's day: from the list to the chair, a note that is signed and corrected, a prescription that an
// allergy speaks against, and what laboratory and recalls show.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, login, open, setTheme } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
let b, page, patient;

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'dona@ianara.test', password);
});
after(async () => b.close());

const good = async (p = page) => assert.deepEqual(await check(p), []);
const picture = async (title) =>
	process.env.MANUAL &&
	page.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });
const go = (path) => page.goto(base + path);
const press = (text) =>
	Promise.all([page.waitForNavigation(), page.locator('button[type=submit]', { hasText: text }).first().click()]);

test('my day shows the patients in order, in both themes', async () => {
	await go('/my-day');
	await good();
	await picture('meu-dia');
	const times = await page.locator('ol > li > div:first-child').allTextContents();
	assert.ok(times.length >= 5);
	assert.deepEqual(times, [...times].sort());
	await setTheme(page, true);
	await page.reload();
	await good();
	await setTheme(page, false);
});

test('one click begins the visit, and the page passes every check', async () => {
	await go('/my-day');
	// in the evening everybody has been treated: a visit without an appointment
	if (await page.locator('button', { hasText: 'Atender' }).count()) {
		await press('Atender');
	} else {
		await go((await page.locator('ol > li a[href^="/patients/"]').last().getAttribute('href')) + '/notes');
		await Promise.all([page.waitForNavigation(), page.locator('button', { hasText: 'Começar atendimento' }).click()]);
	}
	await page.waitForURL(/\/visits\/\d+/);
	await good();
	patient = (await page.locator('a[href$="/notes"]').first().getAttribute('href')).match(/\d+/)[0];
});

test('a note begins from a template, is signed, and belongs to the visit', async () => {
	await Promise.all([
		page.waitForResponse(/notes\/text/),
		page.selectOption('#note-template', { label: 'Procedimento realizado' }),
	]);
	await page.locator('#f-note-text').waitFor();
	assert.match(await page.inputValue('#f-note-text'), /^\d\d\/\d\d\/\d{4}, \d\d:\d\d\. Dentes: /);
	await page.fill('[name=teeth]', '16, 26');
	await press('Salvar e assinar');
	await page.waitForURL(/\/visits\/\d+/);
	await page.locator('li', { hasText: 'Dentes 16, 26' }).locator('text=Assinada').waitFor();
});

test('a tooth that does not exist is said beside the field, and nothing typed is lost', async () => {
	await page.fill('#f-note-text', 'Texto que não se perde');
	await page.fill('[name=teeth]', '99');
	await page.locator('button', { hasText: 'Salvar sem assinar' }).click();
	await page.locator('#f-teeth[aria-invalid=true]').waitFor();
	assert.equal(await page.inputValue('#f-note-text'), 'Texto que não se perde');
});

test('what is dictated stands behind what was typed, and a refused microphone is said', async () => {
	// Chromium without a window hears nothing: a recogniser of the standard's shape, which says what the test says
	await page.addInitScript(() => {
		window.SpeechRecognition = class {
			start() { window.hearing = this; }
			stop() { this.onend(); }
		};
	});
	await page.reload();
	const button = page.locator('[data-dictate]');
	await page.fill('#f-note-text', 'Digitado.');
	await button.click();
	assert.equal(await button.getAttribute('aria-pressed'), 'true');
	assert.equal(await page.evaluate(() => window.hearing.lang), 'pt-BR');
	await page.evaluate(() => {
		const guess = Object.assign([{ transcript: 'resta' }], { isFinal: false });
		const heard = Object.assign([{ transcript: ' restauração no dezesseis ' }], { isFinal: true });
		window.hearing.onresult({ resultIndex: 0, results: [guess, heard] });
	});
	assert.equal(await page.inputValue('#f-note-text'), 'Digitado. restauração no dezesseis');
	await page.locator('.toast', { hasText: 'pode enviar o áudio' }).waitFor();
	await button.click();
	assert.equal((await button.textContent()).trim(), 'Ditar');
	await button.click();
	await page.evaluate(() => {
		window.hearing.onerror({ error: 'not-allowed' });
		window.hearing.onend();
	});
	await page.locator('.toast', { hasText: 'O navegador não liberou o microfone.' }).waitFor();
	assert.equal(await page.inputValue('#f-note-text'), 'Digitado. restauração no dezesseis');
});

test('a signed note is corrected with a reason, and both versions stay', async () => {
	await go(`/patients/${patient}/notes`);
	await good();
	await picture('evolucao');
	await Promise.all([page.waitForNavigation(), page.locator('a', { hasText: 'Corrigir' }).first().click()]);
	await page.fill('#f-note-text', 'Corrigido.');
	await page.locator('#note-form button', { hasText: 'Salvar' }).click();
	await page.locator('#f-reason[aria-invalid=true]').waitFor();
	await page.fill('#f-reason', 'Dente trocado');
	await Promise.all([page.waitForNavigation(), page.locator('#note-form button', { hasText: 'Salvar' }).click()]);
	await Promise.all([page.waitForNavigation(), page.locator('a', { hasText: '2 versões' }).click()]);
	await page.locator('text=Cadeia de verificação íntegra').waitFor();
	await good();
});

test('a prescription is written and issued, and what is issued is only voided', async () => {
	await go(`/patients/${patient}/papers?kind=prescription`);
	await good();
	await page.fill('#f-name-0', 'Dipirona 500 mg');
	await page.fill('#f-quantity-0', '10 comprimidos');
	await page.fill('#f-use-0', '1 a cada 6 horas se houver dor');
	await press('Emitir');
	const entry = page.locator('li', { hasText: 'Dipirona 500 mg' });
	await entry.locator('text=Emitido').waitFor();
	assert.equal(await entry.locator('a', { hasText: 'Continuar' }).count(), 0);
	await good();
});

test('the visit ends with what comes next, and the day says so', async () => {
	await go('/my-day');
	await Promise.all([page.waitForNavigation(), page.locator('a', { hasText: 'Continuar' }).first().click()]);
	await page.fill('#visit-end [name=materials]', 'Resina A2');
	await page.selectOption('#visit-end [name=next_in_days]', '180');
	await press('Encerrar atendimento');
	await page.waitForURL(/\/my-day/);
	await page.locator('a', { hasText: 'Ver atendimento' }).first().waitFor();
	await good();
});

test('laboratories, cases and recall rules are kept without a mouse', async () => {
	await go('/settings/laboratories?open=0');
	await page.fill('[name=name]', `Laboratório ${Date.now() % 100000}`);
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
	await good();
	await go(`/patients/${patient}/lab/new`);
	await good();
	await page.fill('[name=work]', 'Coroa em zircônia');
	await page.fill('[name=teeth]', '26');
	await page.selectOption('[name=laboratory_id]', { index: 1 });
	await press('Salvar');
	await press('Marcar como enviado');
	await press('Chegou');
	await page.locator('text=Chegou, falta conferir').waitFor();
	await good();
	for (const path of ['/lab', '/recalls', '/recalls?list=lost', '/settings/recalls?open=0', '/settings/note-templates?open=0']) {
		await go(path);
		await good();
	}
});

test('a consent is given, a copy of everything is made, and both stand on the page', async () => {
	await go(`/patients/${patient}/privacy`);
	await good();
	await page.locator('summary', { hasText: 'Ler e responder' }).first().click();
	await Promise.all([page.waitForNavigation(), page.locator('details[open] button', { hasText: /^Autoriza$/ }).click()]);
	await page.locator('text=Autorizou').first().waitFor();
	await press('Fazer cópia');
	await page.locator('a', { hasText: 'Baixar cópia' }).waitFor({ timeout: 30_000 });
	await good();
	await picture('privacidade');
	const [file] = await Promise.all([page.waitForEvent('download'), page.locator('a', { hasText: 'Baixar cópia' }).click()]);
	assert.match(file.suggestedFilename(), /^paciente-\d+\.zip$/);
	await go('/settings/privacy');
	await good();
});

test('on a phone everything fits and can be touched', async () => {
	const phone = await open(b, `${base}/login`, { phone: true });
	await login(phone, 'dona@ianara.test', password);
	for (const path of ['/my-day', `/patients/${patient}/notes`, `/patients/${patient}/papers?kind=certificate`, '/recalls', '/lab']) {
		await phone.goto(base + path);
		await good(phone);
	}
});
