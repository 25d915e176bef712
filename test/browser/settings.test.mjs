// Configurações of the clinic as a person uses them: colours tried and saved, the logo, and what the page itself reports.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { browser, check, close, login, open, shot, until } from './lib.mjs';

const url = process.env.SISO_URL;
let b, page;

before(async () => {
	b = await browser();
	page = await open(b, `${url}/login`);
	await login(page, 'dona@ianara.test', 'sorriso-aberto-2026');
});
after(() => b.close());

const primary = (of) => of.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--primary').trim());
const slide = (name, value) =>
	page.locator(`input[name=${name}]`).evaluate((input, to) => {
		input.value = to;
		input.dispatchEvent(new Event('input', { bubbles: true }));
	}, String(value));

test('a colour is seen everywhere on the page while it is tried, and nowhere else before it is saved', async () => {
	await page.goto(`${url}/settings/theme`);
	const old = await primary(page);
	const other = await open(b, `${url}/login`);
	await slide('hue', 292);
	await until(async () => (await primary(page)).endsWith('292)'), 'the preview');
	assert.deepEqual(await check(page), []);
	await shot(page, 'settings-theme-preview');
	await other.reload();
	assert.equal(await primary(other), old);
	await page.click('text=Salvar aparência');
	await page.getByText('Aparência salva').waitFor();
	await other.reload();
	assert.match(await primary(other), /292\)$/);
	await close(other);
});

test('the contrast of what is tried is measured, and an unreadable colour is mended on save', async () => {
	await page.goto(`${url}/settings/theme`);
	await slide('lightness', 650);
	await page.locator('#contrast').getByText('fraco').first().waitFor();
	await page.click('text=Salvar aparência');
	await page.getByText('Escurecemos um pouco a cor').waitFor();
	assert.equal(await page.locator('#contrast').getByText('fraco').count(), 0);
	await page.click('[data-palette]:has-text("Pinho")');
	await until(async () => /165\)$/.test(await primary(page)), 'the palette');
	// not what the page says: it says so since the first save
	await Promise.all([page.waitForNavigation(), page.click('text=Salvar aparência')]);
	await page.getByText('Aparência salva').waitFor();
});

// A PNG of one colour.
function png(size) {
	const chunk = (name, bytes) => {
		const body = Buffer.concat([Buffer.from(name, 'latin1'), bytes]);
		const ends = Buffer.alloc(8);
		ends.writeUInt32BE(bytes.length);
		ends.writeUInt32BE(crc(body), 4);
		return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
	};
	const head = Buffer.alloc(13);
	head.writeUInt32BE(size);
	head.writeUInt32BE(size, 4);
	head.set([8, 2], 8);
	const rows = Buffer.concat(Array.from({ length: size }, () => Buffer.concat([Buffer.alloc(1), Buffer.alloc(size * 3, 0x80)])));
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
const table = Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
	return n >>> 0;
});
const crc = (bytes) => (bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

test('the clinic’s logo is on every page, and what is no picture is refused', async () => {
	await page.goto(`${url}/settings/company`);
	await page.setInputFiles('#up-logo input[type=file], input#up-logo', { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from('<svg onload=alert(1)>') });
	await page.getByText('Este tipo de arquivo não é aceito aqui. Envie imagem (JPG, PNG, WebP).').waitFor();
	await page.setInputFiles('#up-logo input[type=file], input#up-logo', { name: 'logo.png', mimeType: 'image/png', buffer: png(64) });
	await page.getByText('Imagem salva').waitFor();
	assert.equal(await page.evaluate(async () => (await fetch('/logo')).headers.get('content-type')), 'image/png');
	await page.setInputFiles('#up-favicon input[type=file], input#up-favicon', { name: 'icone.png', mimeType: 'image/png', buffer: png(32) });
	await page.locator('img[alt="Ícone atual"]').waitFor();
	await until(() => page.locator('img[alt="Ícone atual"]').evaluate((img) => img.naturalWidth === 32), 'the icon');
	await page.goto(`${url}/settings/plan`);
	await until(() => page.locator('img[src^="/logo"]').first().evaluate((img) => img.naturalWidth === 64), 'the logo on a page');
	assert.deepEqual(await check(page), []);
});

test('an error of the scripts reaches the server', async () => {
	await page.goto(`${url}/settings/plan`);
	const told = page.waitForResponse((answer) => answer.url().includes('/browser-error'));
	await page.evaluate(() => setTimeout(() => { throw new Error('of the test'); }));
	assert.ok((await told).ok(), `${(await told).status()}`);
	assert.match(page.problems.splice(0).join(), /of the test/);
});

test('every component stands on the page for those who build', async () => {
	await page.goto(`${url}/design`);
	assert.deepEqual(await check(page), []);
});

test('an incident is registered, judged and told, and its history and paper stay', async () => {
	const submit = (text) => Promise.all([page.waitForNavigation(), page.locator('main button[type=submit]', { hasText: text }).first().click()]);
	await page.goto(`${url}/incidents`);
	assert.deepEqual(await check(page), []);
	await page.goto(`${url}/incidents/new`);
	assert.deepEqual(await check(page), []);
	await page.fill('[name=title]', 'Celular da recepção roubado');
	await page.fill('[name=what]', 'O aparelho estava sem senha e com a agenda aberta.');
	await page.fill('[name=data]', 'Nomes, telefones e horários');
	await page.fill('[name=people]', '35');
	await page.check('[name=criteria][value=secrecy]');
	await submit('Registrar');
	await page.getByText('Comunicar à ANPD até').first().waitFor();
	assert.deepEqual(await check(page), []);
	await page.check('[name=risk][value=relevant]');
	await submit('Salvar versão nova');
	await page.getByText('Diga por quê').first().waitFor();
	await page.fill('[name=risk_why]', 'Dados de saúde podiam ser vistos.');
	await page.fill('[name=measures]', 'Sessões encerradas, linha bloqueada.');
	await submit('Salvar versão nova');
	await page.getByText('Versão 2').waitFor();
	await page.fill('[name=q]', 'ana');
	await submit('Procurar');
	await page.locator('form[action$="/patients"] button').first().click();
	await page.getByText('Paciente ligado ao incidente').waitFor();
	assert.deepEqual(await check(page), []);
	await shot(page, 'incident');
	const paper = await page.evaluate(async (from) => (await (await fetch(from)).text()).slice(0, 5), `${new URL(page.url()).pathname}/pdf`);
	assert.equal(paper, '%PDF-');
});

test('who changes an incident while somebody else does keeps what was typed, and is told before it is saved over theirs', async () => {
	const submit = (of) => Promise.all([of.waitForNavigation(), of.locator('main button[type=submit]', { hasText: 'Salvar versão nova' }).click()]);
	const other = await page.context().newPage();
	await other.goto(page.url());
	await other.fill('[name=measures]', 'Aviso publicado no site.');
	await page.fill('[name=measures]', 'Sessões encerradas, linha bloqueada, senha trocada.');
	await submit(other);
	await page.fill('[name=people]', 'muitas');
	await submit(page);
	await page.getByText('campo precisa de atenção').waitFor();
	await page.fill('[name=people]', '36');
	await submit(page);
	await page.getByText('O registro mudou enquanto você escrevia').waitFor();
	assert.equal(await page.inputValue('[name=measures]'), 'Sessões encerradas, linha bloqueada, senha trocada.');
	assert.deepEqual(await check(page), []);
	await shot(page, 'incident-newer');
	await submit(page);
	await page.getByText('Versão 4').waitFor();
	await other.close();
});
