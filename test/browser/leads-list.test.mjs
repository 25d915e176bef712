// The list of leads as a manager uses it: find, filter, keep a view, change many at once, take a
// spreadsheet away and bring one in, with rows that are wrong, and take it back. Each page must pass
// check() of lib.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, setTheme, shot, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
// letters only: a name that nobody else in the clinic has, also when the test runs again
const tag = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const digits = String(Math.floor(Math.random() * 9e5) + 1e5);
let b, page, folder;

before(async () => {
	b = await browser();
	folder = await fs.mkdtemp(path.join(os.tmpdir(), 'siso-list-'));
	page = await open(b, `${base}/login`);
	await login(page, 'gerente@ianara.test', password);
});
after(async () => {
	await b.close();
	await fs.rm(folder, { recursive: true, force: true });
});

const good = async (p = page) => assert.deepEqual(await check(p), []);
const names = async (p = page) => p.locator('#leads td.name a').allTextContents();
const go = (where) => page.goto(base + where);
const press = (locator) => Promise.all([page.waitForNavigation(), locator.click()]);

// The file goes through the box of the page, as a person would choose it.
async function upload(text, fileName = 'leads.csv') {
	const file = path.join(folder, fileName);
	await fs.writeFile(file, text);
	await go('/leads/import');
	await Promise.all([
		page.waitForURL(/\/leads\/import\/\d+$/),
		page.setInputFiles('[data-upload] input[type=file]', file),
	]);
}

async function run() {
	await press(page.locator('.form-foot button[type=submit]', { hasText: 'Importar' }));
	await page.locator('h2', { hasText: 'Resultado' }).waitFor({ timeout: 30_000 });
}

const figure = (label) =>
	page.locator('.stats > div', { has: page.locator('dt', { hasText: label }) }).locator('dd').textContent();

const sheet =
	'Nome;Celular;E-mail;Origem;Valor;Etapa;Observação\r\n' +
	`Ada ${tag};(11) 98${digits}1;ada.${tag}@exemplo.com;Feira;1.200,00;Em conversa;x\r\n` +
	`Bento ${tag};(11) 98${digits}2;;Indicação;300;;\r\n` +
	`Clara ${tag};12345;;;;;\r\n` +
	`;(11) 98${digits}4;;;;;\r\n` +
	`Davi ${tag};11 98${digits}5;sem arroba;;dez;;\r\n` +
	`Elisa ${tag};(11) 98${digits}6;;;;;\r\n`;

test('a spreadsheet is shown as it will be understood before anything is written', async () => {
	await upload(sheet);
	const chosen = await page.locator('#import-form select[name^=c]').evaluateAll((all) => all.map((s) => s.value));
	assert.deepEqual(chosen.slice(0, 7), ['name', 'phone', 'email', 'source', 'value_cents', 'stage', '']);
	const preview = page.locator('#preview');
	assert.match(await preview.textContent(), new RegExp(`\\(11\\) 98${digits[0]}`));
	assert.match(await preview.textContent(), /3 linhas da amostra não entram/);
	await good();
	await shot(page, 'manual-importar-conferir', { full: true });
	// leaving a column out changes the preview at once
	await page.selectOption('select[name=c2]', '');
	await until(async () => !(await preview.textContent()).includes('E-mail'), 'the preview without e-mail');
	await page.selectOption('select[name=c2]', 'email');
	await until(async () => (await preview.textContent()).includes('E-mail'), 'the preview with e-mail');
});

test('without a column for the name nothing begins', async () => {
	await page.selectOption('select[name=c0]', '');
	await page.locator('.form-foot button[type=submit]', { hasText: 'Importar' }).click();
	await page.locator('.form-errors').waitFor();
	assert.match(await page.locator('.form-errors').textContent(), /Escolha a coluna que tem o nome/);
	await good();
	await page.selectOption('select[name=c0]', 'name');
});

test('good rows come in, wrong ones are listed and can be taken away as CSV', async () => {
	await page.fill('.tags-box input', `lote ${tag}`);
	await page.keyboard.press('Enter');
	await run();
	assert.equal(await figure('Leads novos'), '3');
	assert.equal(await figure('A corrigir'), '3');
	await good();
	await shot(page, 'manual-importar-resultado');
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.locator('a', { hasText: 'Baixar CSV' }).click(),
	]);
	const text = await fs.readFile(await download.path(), 'utf8');
	assert.match(text, /^\uFEFF?Nome;Celular;.*O que corrigir/);
	assert.equal(text.trim().split('\r\n').length, 4);
	assert.match(text, new RegExp(`Clara ${tag};12345;.*DDD`));
});

test('the same spreadsheet again brings nobody twice', async () => {
	await upload(sheet);
	await run();
	assert.equal(await figure('Leads novos'), '0');
	assert.equal(await figure('Já cadastrados'), '3');
});

test('a search swaps the list and keeps the box in focus', async () => {
	await go('/leads');
	await good();
	await shot(page, 'manual-lista');
	await page.locator('#f-q').pressSequentially(`ada ${tag}`, { delay: 15 });
	await until(async () => (await names()).join() === `Ada ${tag}`, 'Ada alone in the list');
	assert.equal(await page.evaluate(() => document.activeElement.id), 'f-q');
	await until(async () => /[?&]q=ada/.test(page.url()), 'the address of the search');
	await page.reload();
	assert.deepEqual(await names(), [`Ada ${tag}`]);
	// nobody: says so, and how to go on
	await go(`/leads?q=nobody${tag}`);
	assert.match(await page.locator('#leads .empty').textContent(), /Nenhum lead com estes filtros/);
	await good();
});

test('a filter is shown as a chip that takes it away, and headers sort', async () => {
	await go('/leads');
	await page.click('[data-open=filters]');
	await page.locator('#filters').waitFor();
	await page.fill('#filters [name=tag]', `lote ${tag}`);
	await press(page.locator('#filters button[type=submit]'));
	assert.equal((await names()).length, 3);
	await press(page.locator('thead a', { hasText: 'Valor' }));
	assert.equal((await names())[0], `Ada ${tag}`);
	await press(page.locator('thead a', { hasText: 'Valor' }));
	assert.equal((await names())[2], `Ada ${tag}`);
	assert.equal(await page.locator('th[aria-sort=ascending]').count(), 1);
	await good();
	await press(page.locator('.chip', { hasText: 'Etiqueta: lote' }));
	assert.ok((await names()).length > 3);
});

test('columns are chosen and a view keeps them with the filter', async () => {
	await go(`/leads?tag=lote+${tag}`);
	await page.click('[data-open=columns]');
	await page.locator('#columns label', { hasText: 'E-mail' }).click();
	await page.locator('#columns label', { hasText: 'Telefone' }).click();
	await press(page.locator('#columns button[type=submit]'));
	assert.match(await page.locator('thead').textContent(), /E-mail/);
	assert.doesNotMatch(await page.locator('thead').textContent(), /Telefone/);
	await page.click('[data-open=view-save]');
	await good();
	await page.fill('#f-view-name', `Lote ${tag}`);
	await press(page.locator('#view-save button[type=submit]'));
	const tab = page.locator('.tabs-line a', { hasText: `Lote ${tag}` });
	assert.equal(await tab.getAttribute('aria-current'), 'page');
	await go('/leads');
	await press(tab);
	assert.equal((await names()).length, 3);
	assert.match(await page.locator('thead').textContent(), /E-mail/);
	await good();
	// somebody else does not see it
	const other = await open(b, `${base}/login`);
	await login(other, 'recepcao@ianara.test', password);
	await other.goto(`${base}/leads`);
	assert.equal(await other.locator('.tabs-line a', { hasText: `Lote ${tag}` }).count(), 0);
	await close(other);
});

test('ticked leads change together and each tells it on its timeline', async () => {
	await go(`/leads?tag=lote+${tag}`);
	for (const who of ['Bento', 'Elisa'])
		await page.locator(`[aria-label="Marcar ${who} ${tag}"]`).check();
	assert.match(await page.locator('[data-bulk]').textContent(), /Marcados: 2/);
	await good();
	await shot(page, 'manual-lista-massa');
	await page.click('[popovertarget=bulk-stage]');
	await press(page.locator('#bulk-stage .menu-item', { hasText: 'Avaliação' }));
	assert.match(await page.locator('.toast').textContent(), /2 leads mudados/);
	for (const box of await page.locator('[data-check]').all()) await box.check();
	await page.click('[data-open=bulk-tag]');
	await page.fill('#f-tag-new', `vip ${tag}`);
	await press(page.locator('#bulk-tag button[type=submit]'));
	assert.match(await page.locator('.toast').textContent(), /3 leads mudados/);
	await go(`/leads?tag=vip+${tag}`);
	assert.equal((await names()).length, 3);
	await go(await page.locator('td.name a', { hasText: 'Bento' }).getAttribute('href'));
	const story = await page.locator('.timeline').textContent();
	assert.match(story, /Lead importado de planilha/);
	assert.match(story, /Etapa mudou de Novo contato para Avaliação/);
	assert.match(story, new RegExp(`Ganhou a etiqueta vip ${tag}`));
});

test('the list goes out as CSV and as XLSX', async () => {
	await go(`/leads?tag=lote+${tag}`);
	for (const [kind, title] of [['csv', 'CSV'], ['xlsx', 'Excel']]) {
		await page.click('[popovertarget=export]');
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.locator('#export .menu-item', { hasText: title }).click(),
		]);
		assert.match(download.suggestedFilename(), new RegExp(`^leads-\\d{4}-\\d\\d-\\d\\d\\.${kind}$`));
		const bytes = await fs.readFile(await download.path());
		if (kind === 'xlsx') assert.equal(bytes.subarray(0, 2).toString(), 'PK');
		else assert.equal(bytes.toString('utf8').trim().split('\r\n').length, 4);
	}
	// only the ticked ones
	await page.locator(`[aria-label="Marcar Ada ${tag}"]`).check();
	await page.click('[popovertarget=bulk-export]');
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.locator('#bulk-export .menu-item', { hasText: 'CSV' }).click(),
	]);
	const text = await fs.readFile(await download.path(), 'utf8');
	assert.equal(text.trim().split('\r\n').length, 2);
	assert.match(text, new RegExp(`Ada ${tag}`));
});

test('taking an import back leaves what somebody worked on', async () => {
	await go('/leads/import');
	await good();
	await shot(page, 'manual-importar');
	await press(page.locator('.rows a').nth(1));
	await page.locator('button', { hasText: 'Desfazer importação' }).click();
	await page.locator('#confirm').waitFor();
	await press(page.locator('#confirm [data-yes]'));
	// all three were changed in bulk meanwhile
	assert.match(await page.locator('.toast').textContent(), /0 leads retirados/);
	await go(`/leads?tag=lote+${tag}&status=all`);
	assert.equal((await names()).length, 3);
	await upload(`Nome;Telefone\r\nFlora ${tag};(21) 98${digits}7\r\nGil ${tag};(21) 98${digits}8\r\n`);
	await run();
	await page.locator('button', { hasText: 'Desfazer importação' }).click();
	await press(page.locator('#confirm [data-yes]'));
	assert.match(await page.locator('.toast').textContent(), /2 leads retirados/);
	await good();
	await go(`/leads?q=flora+${tag}&status=all`);
	assert.equal((await names()).length, 0);
});

test('what is no spreadsheet is refused with a sentence, and so is an empty one', async () => {
	for (const [name, bytes, words] of [
		['foto.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), /planilha|lida|aceito/i],
		['vazia.csv', Buffer.from('Nome;Telefone\r\n'), /nenhuma linha/],
	]) {
		const file = path.join(folder, name);
		await fs.writeFile(file, bytes);
		await go('/leads/import');
		await page.setInputFiles('[data-upload] input[type=file]', file);
		await page.locator('.upload-list .is-bad').waitFor();
		assert.match(await page.locator('.upload-list .is-bad').textContent(), words);
	}
});

test('a view is renamed and removed', async () => {
	await go('/leads');
	await press(page.locator('.tabs-line a', { hasText: `Lote ${tag}` }));
	await page.click('[popovertarget=view-menu]');
	await page.locator('#view-menu [data-open=view-rename]').click();
	await page.fill('#f-view-rename', `Novo ${tag}`);
	await press(page.locator('#view-rename button[type=submit]'));
	assert.equal(await page.locator('.tabs-line a[aria-current]').textContent(), `Novo ${tag}`);
	await page.click('[popovertarget=view-menu]');
	await page.locator('#view-menu .menu-item', { hasText: 'Excluir' }).click();
	await press(page.locator('#confirm [data-yes]'));
	assert.equal(await page.locator('.tabs-line a', { hasText: `Novo ${tag}` }).count(), 0);
});

test('on a phone and in the dark it is a list of cards', async () => {
	const small = await open(b, `${base}/login`, { phone: true, dark: true });
	await login(small, 'gerente@ianara.test', password);
	await setTheme(small, true);
	await small.goto(`${base}/leads`);
	await good(small);
	await shot(small, 'manual-lista-celular');
	await small.click('[data-open=filters]');
	await good(small);
	await small.keyboard.press('Escape');
	await small.locator('[data-check]').first().check();
	await good(small);
	await small.goto(`${base}/leads/import`);
	await good(small);
	await close(small);
});

test('who may only read sees the list without ticks, export and import', async () => {
	const reader = await open(b, `${base}/login`);
	await login(reader, 'dentista@ianara.test', password);
	await reader.goto(`${base}/leads`);
	assert.ok((await names(reader)).length > 0);
	assert.equal(await reader.locator('[data-check], #export, [data-bulk]').count(), 0);
	const status = await reader.evaluate(async () => (await fetch('/leads/export?format=csv')).status);
	assert.equal(status, 403);
	await close(reader);
});
