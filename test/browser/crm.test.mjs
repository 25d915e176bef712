// The CRM as a receptionist uses it: a lead from its creation to a patient, by mouse, by keyboard, on a
// phone, in both themes. Each page must pass check() of lib.mjs: axe, CSP, overflow, script errors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, setTheme, shot, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const name = `Marina ${unique[0].toUpperCase()}${unique.slice(1)}`;
const phone = `(11) 9${String(Math.floor(Math.random() * 1e8)).padStart(8, '0').replace(/(....)(....)/, '$1-$2')}`;
let b, page;

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'recepcao@ianara.test', password);
});
after(async () => b.close());

const good = async (p = page) => assert.deepEqual(await check(p), []);
// MANUAL=1 renews the manual's pictures.
const picture = async (title) =>
	process.env.MANUAL &&
	page.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });
const column = (title) => page.locator('.board-col', { has: page.locator('h2', { hasText: title }) });
const card = (who = name) => page.locator('.board-card', { hasText: who });
const openCard = async (who = name) => {
	await page.goto(`${base}/funnel`);
	await card(who).locator('h3 a').click();
	await page.locator('dialog[open]', { hasText: who }).waitFor();
};

test('the board shows the funnel and passes every check', async () => {
	await page.goto(`${base}/funnel`);
	assert.ok((await page.locator('.board-col').count()) >= 5);
	await good();
	const heard = await column('Em conversa').ariaSnapshot();
	assert.match(heard, /Leads: \d+ Soma: R\$/);
	assert.match(heard, /(Próxima ação:|Atrasada desde) .* Responsável: /);
	assert.match(heard, /link "Adicionar lead em Em conversa"/);
	await picture('funil');
	if (process.env.MANUAL) {
		for (const [who, title] of [['Marta Vasconcelos', 'lead'], ['Helena Prado', 'paciente']]) {
			await page.goto(base + (await card(who).locator('h3 a').getAttribute('href')));
			if (title === 'paciente') await page.locator('main a', { hasText: 'Abrir paciente' }).click();
			await page.waitForLoadState('networkidle');
			await picture(title);
			await page.goto(`${base}/funnel`);
		}
	}
});

test('a lead is created with name and phone alone', async () => {
	await page.goto(`${base}/leads/new`);
	await good();
	await page.fill('[name=name]', name);
	await page.fill('[name=phone]', phone);
	await page.fill('[name=interest]', 'Implante');
	await page.fill('[name=value_cents]', '4.200,00');
	await Promise.all([page.waitForNavigation(), page.click('#lead-form button[type=submit]')]);
	assert.match(await page.locator('h2').first().textContent(), new RegExp(name));
	await page.goto(`${base}/funnel`);
	await column('Novo contato').locator('.board-card', { hasText: name }).waitFor();
});

test('what is wrong is said beside the field and nothing typed is lost', async () => {
	await page.goto(`${base}/leads/new`);
	await page.fill('[name=name]', 'Sem Telefone');
	await page.fill('[name=phone]', '123');
	await page.click('#lead-form button[type=submit]');
	await page.locator('#f-phone[aria-invalid=true]').waitFor();
	assert.equal(await page.inputValue('[name=name]'), 'Sem Telefone');
	assert.equal((await page.inputValue('[name=phone]')).replace(/\D/g, ''), '123');
	await good();
});

test('a second lead with the same phone is shown before it is saved', async () => {
	await page.goto(`${base}/leads/new`);
	await page.fill('[name=name]', 'Outra Pessoa');
	await page.fill('[name=phone]', phone);
	await page.click('#lead-form button[type=submit]');
	await page.locator('#twins', { hasText: name }).waitFor();
	assert.equal(await page.inputValue('[name=name]'), 'Outra Pessoa');
});

test('a card is carried to another column and stays there', async () => {
	await page.goto(`${base}/funnel`, { waitUntil: 'networkidle' });
	const from = await card().boundingBox();
	const to = await column('Em conversa').locator('.board-list').boundingBox();
	await page.mouse.move(from.x + 40, from.y + 50);
	await page.mouse.down();
	await page.mouse.move(from.x + 60, from.y + 60, { steps: 6 });
	await page.locator('.is-carried').waitFor();
	await page.mouse.move(to.x + 60, to.y + 60, { steps: 20 });
	await column('Em conversa').locator('.is-ghost').waitFor();
	const saved = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
	await page.mouse.up();
	await saved;
	await page.reload();
	await column('Em conversa').locator('.board-card', { hasText: name }).waitFor();
});

test('the keyboard moves a card by its menu', async () => {
	await page.goto(`${base}/funnel`);
	const menu = card().locator('.card-menu button').first();
	await menu.focus();
	await page.keyboard.press('Enter');
	const saved = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
	await page.locator('#move-menu [data-move]', { hasText: 'Avaliação' }).press('Enter');
	await saved;
	await page.reload();
	await column('Avaliação').locator('.board-card', { hasText: name }).waitFor();
});

test('the drawer takes a note, and the timeline tells it', async () => {
	await openCard();
	await good();
	await page.fill('dialog[open] [name=text]', 'Prefere vir à tarde');
	await page.press('dialog[open] [name=text]', 'Enter');
	await page.waitForURL(/\/leads\/\d+/);
	await page.locator('.timeline', { hasText: 'Prefere vir à tarde' }).waitFor();
	await good();
});

test('a task is given, shown as the next action, and finished with a way back', async () => {
	await openCard();
	await page.locator('dialog[open] a', { hasText: 'Tarefa' }).click();
	await page.locator('dialog[open] [name=title]').fill('Confirmar avaliação');
	await page.locator('dialog[open] button', { hasText: 'Salvar' }).click();
	await page.waitForURL(/\/leads\/\d+/);
	await page.locator('section[aria-label=Tarefas]', { hasText: 'Confirmar avaliação' }).waitFor();
	await page.goto(`${base}/tasks`);
	await good();
	const row = page.locator('li', { hasText: 'Confirmar avaliação' }).first();
	await Promise.all([page.waitForNavigation(), row.locator('form button').first().click()]);
	await page.locator('.toast', { hasText: 'Tarefa feita' }).waitFor();
});

test('the palette finds the lead without accents', async () => {
	await page.goto(`${base}/funnel`);
	await page.keyboard.press('Control+k');
	await page.keyboard.type(name.toLowerCase().split(' ')[1]);
	await page.locator('.palette [role=option], .palette a', { hasText: name }).first().waitFor();
});

test('two people edit one lead: the second sees what changed and chooses', async () => {
	await openCard();
	const url = new URL(await page.locator('dialog[open] a[href^="/leads/"]').first().getAttribute('href'), base);
	const edit = `${url.origin}/leads/${url.pathname.split('/')[2]}/edit`;
	const other = await open(b, `${base}/login`);
	await login(other, 'gerente@ianara.test', password);
	await other.goto(edit);
	await page.goto(edit);
	await other.fill('[name=interest]', 'Implante e enxerto');
	await Promise.all([other.waitForNavigation(), other.click('#lead-form button[type=submit]')]);
	await page.fill('[name=interest]', 'Só o implante');
	await page.click('#lead-form button[type=submit]');
	await page.locator('[role=alert]', { hasText: 'Outra pessoa salvou' }).waitFor();
	assert.equal(await page.inputValue('[name=interest]'), 'Só o implante');
	await page.locator('table', { hasText: 'Implante e enxerto' }).waitFor();
	await good();
	await close(other);
});

test('a lead is lost with a reason and comes back', async () => {
	await openCard();
	const id = (await page.locator('dialog[open] a[href^="/leads/"]').first().getAttribute('href')).match(/\d+/)[0];
	await page.goto(`${base}/leads/${id}/lose`);
	await good();
	await page.click('button[type=submit]:has-text("Marcar como perdido")');
	await page.locator('.field-bad', { hasText: 'motivo' }).waitFor();
	await page.locator('input[type=radio]').first().check();
	await page.fill('[name=loss_note]', 'Achou caro');
	await Promise.all([page.waitForNavigation(), page.click('button[type=submit]:has-text("Marcar como perdido")')]);
	assert.equal(await card().count(), 0);
	await page.locator('.toast button', { hasText: 'Desfazer' }).click();
	await page.waitForURL(/\/leads\/\d+/);
	await page.goto(`${base}/funnel`);
	await card().waitFor();
});

test('a lead becomes a patient with its history', async () => {
	await openCard();
	const id = (await page.locator('dialog[open] a[href^="/leads/"]').first().getAttribute('href')).match(/\d+/)[0];
	await page.goto(`${base}/leads/${id}/convert`);
	await good();
	await Promise.all([page.waitForNavigation(), page.click('button[type=submit]:has-text("Converter")')]);
	assert.match(page.url(), /\/patients\/\d+/);
	await page.locator('.timeline', { hasText: 'Prefere vir à tarde' }).waitFor();
	await good();
});

for (const [device, options] of [['phone', { phone: true }], ['desktop', {}]])
	for (const dark of [false, true])
		test(`every page of the CRM is right on a ${device}, ${dark ? 'dark' : 'light'}`, async () => {
			const other = await open(b, `${base}/login`, options);
			await login(other, 'gerente@ianara.test', password);
			await setTheme(other, dark);
			for (const path of ['/funnel', '/leads', '/leads/new', '/tasks', '/patients', '/patients/new', '/settings/funnels',
				'/settings/lead-lists', '/settings/company', '/settings/theme', '/settings/branches', '/settings/plan',
				'/settings/webhooks', '/settings/users', '/settings/account']) {
				const answer = await other.goto(base + path);
				assert.equal(answer.status(), 200, path);
				assert.deepEqual(await check(other), [], path);
			}
			await shot(other, `crm-${device}-${dark ? 'dark' : 'light'}`);
			await close(other);
		});
