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
const column = (title, p = page) => p.locator('.board-col', { has: p.locator('h2', { hasText: title }) });
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

// ---- the whole way again, by keyboard alone and by touch alone ----

// What both do: how a thing is reached and pressed is the only difference.
async function wholeWay(p, hand, who) {
	await hand.create();
	await p.locator('#lead-form').waitFor();
	await hand.type('#f-name', who);
	await hand.type('#f-phone', phone.replace(/\d{4}$/, String(Math.floor(1000 + Math.random() * 9000))));
	await hand.save('#lead-form');
	await p.waitForURL(/\/leads\/\d+$/);
	const url = p.url();
	const id = url.match(/\d+$/)[0];
	const menuItem = async (text) => {
		await hand.press('main [aria-haspopup=menu]');
		await hand.press(`#lead-menu .menu-item:has-text("${text}")`);
	};

	await hand.funnel();
	await p.waitForURL(/\/funnel/);
	if (hand.carry) {
		await hand.carry(`#lead-${id}`);
		await column('Em conversa', p).locator(`#lead-${id}`).waitFor();
	}
	await hand.press(`#lead-${id} .card-menu button`);
	const moved = p.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
	await hand.press('#move-menu [data-move]:has-text("Avaliação")');
	await moved;
	await column('Avaliação', p).locator(`#lead-${id}`).waitFor();
	await hand.press(`#lead-${id} h3 a`);
	await p.locator('dialog[open]', { hasText: who }).waitFor();
	await hand.press('dialog[open] a:has-text("Tarefa")');
	await p.locator('dialog[open] [name=title]').waitFor();
	await hand.type('dialog[open] [name=title]', `Ligar para ${who}`);
	await hand.save('#task-form');
	await p.locator('section[aria-label=Tarefas]', { hasText: `Ligar para ${who}` }).waitFor();
	await hand.press('section[aria-label=Tarefas] button[aria-label="Concluir tarefa"]');
	await p.locator('section[aria-label=Tarefas] .line-through', { hasText: `Ligar para ${who}` }).waitFor();
	await hand.type('#note-text', 'Pediu desconto, @Renata decide');
	await hand.press('button[aria-label=Registrar]');
	await p.locator('.timeline', { hasText: '@Renata decide' }).waitFor();

	await menuItem('Marcar como perdido');
	await p.waitForURL(/\/lose$/);
	await hand.choose('[name=loss_reason_id]');
	await hand.press('button[type=submit]:has-text("Marcar como perdido")');
	await p.waitForURL(/\/funnel/);
	await p.goto(url);
	await p.locator('.alert', { hasText: 'Perdido:' }).waitFor();
	await menuItem('Reabrir');
	await p.locator('.alert', { hasText: 'Perdido:' }).waitFor({ state: 'detached' });
	await p.waitForURL(/\/leads\/\d+/);
	await hand.press('main a:has-text("Converter em paciente")');
	await p.waitForURL(/\/convert$/);
	await hand.press('button[type=submit]:has-text("Converter")');
	await p.waitForURL(/\/patients\/\d+/);
	await p.goto(url);
	const story = await p.locator('.timeline').textContent();
	for (const step of ['Convertido em paciente', 'Reaberto', 'Perdido', '@Renata decide', 'Tarefa feita', 'Etapa mudou', 'Lead criado'])
		assert.ok(story.includes(step), `${step} stands in ${story}`);
}

test('the whole way of a lead by the keyboard alone', async () => {
	const p = await open(b, `${base}/login`);
	const reach = async (selector) => {
		await p.locator(selector).first().waitFor();
		const aim = await p.locator(selector).first().evaluate((element) => (element.dataset.aim = String(Math.random())));
		for (let i = 0; i < 150; i++) {
			// items of an open menu are for the arrows
			const key = await p.evaluate((aim) => {
				const here = document.activeElement;
				if (here?.dataset.aim === aim) return null;
				return here?.closest('.menu, [aria-expanded=true][aria-haspopup]') ? 'ArrowDown' : 'Tab';
			}, aim);
			if (!key) return;
			await p.keyboard.press(key);
		}
		throw new Error(`the keyboard does not reach ${selector}`);
	};
	// Two keys that are pressed too slowly are no pair: a busy machine presses them again.
	const pair = (first, second, path) =>
		until(async () => {
			await p.keyboard.press(first);
			await p.keyboard.press(second);
			return p.waitForURL(`**${path}`, { timeout: 4000 }).then(() => true, () => false);
		}, `${first} ${second}`, 30_000);
	const hand = {
		press: async (selector) => {
			await reach(selector);
			await p.keyboard.press('Enter');
		},
		type: async (selector, text) => {
			await reach(selector);
			await p.keyboard.type(text);
		},
		choose: async (selector) => {
			await reach(selector);
			await p.keyboard.press('Space');
		},
		save: () => p.keyboard.press('Control+Enter'),
		create: () => pair('n', 'o', '/leads/new'),
		funnel: () => pair('g', 'f', '/funnel'),
	};
	await hand.type('input[autocomplete=username], input[type=email]', 'recepcao@ianara.test');
	await hand.type('input[type=password]', password);
	await Promise.all([p.waitForNavigation(), p.keyboard.press('Enter')]);
	await wholeWay(p, hand, `Tecla ${unique}`);
	await close(p);
});

test('the whole way of a lead by touch alone', async () => {
	const p = await open(b, `${base}/login`, { phone: true });
	await login(p, 'recepcao@ianara.test', password);
	const tap = (selector) => p.locator(selector).first().tap();
	await wholeWay(
		p,
		{
			press: tap,
			type: async (selector, text) => {
				await tap(selector);
				await p.keyboard.type(text);
			},
			choose: (selector) => p.locator('label', { has: p.locator(selector) }).first().tap(),
			save: (form) => tap(`${form} button[type=submit], button[form="${form.slice(1)}"]`),
			create: async () => {
				await tap('.bottom button[aria-label=Criar]');
				await tap('#create a[href="/leads/new"]');
			},
			funnel: () => tap('.bottom a[href="/funnel"]'),
			// a finger that rests on the card and takes it one column to the right
			carry: async (selector) => {
				await p.waitForLoadState('networkidle');
				const cdp = await p.context().newCDPSession(p);
				const box = await p.locator(selector).boundingBox();
				const touch = (type, x, y) =>
					cdp.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
				const saved = p.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
				await touch('touchStart', box.x + 60, box.y + 60);
				await p.waitForTimeout(350);
				for (let i = 1; i <= 20; i++) await touch('touchMove', box.x + 60 + 13 * i, box.y + 60 + i);
				await column('Em conversa', p).locator('.is-ghost').waitFor();
				await touch('touchEnd');
				await saved;
			},
		},
		`Toque ${unique}`,
	);
	await close(p);
});

test('the clinic makes its funnel and its fields, and two leads of one person become one', async () => {
	const p = await open(b, `${base}/login`);
	await login(p, 'gerente@ianara.test', password);
	await p.goto(`${base}/settings/funnels`);
	const names = () => p.locator('[data-sort]').first().locator('input[name=name]').evaluateAll((all) => all.map((e) => e.value));
	await p.locator('[id^=new-stage-]').first().fill(`Retorno ${unique}`.slice(0, 40));
	await Promise.all([p.waitForNavigation(), p.locator('form', { has: p.locator('[id^=new-stage-]') }).first().locator('button[type=submit]').click()]);
	const made = await names();
	assert.ok(made.some((n) => n.includes(unique)));
	// the first one is carried below the second by its grip
	await p.waitForLoadState('networkidle');
	const rows = p.locator('[data-sort]').first().locator(':scope > li');
	const [from, to] = [await rows.nth(0).locator('span').first().boundingBox(), await rows.nth(1).boundingBox()];
	await p.mouse.move(from.x + 8, from.y + 8);
	await p.mouse.down();
	await p.mouse.move(from.x + 10, from.y + 20, { steps: 4 });
	const saved = p.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() < 300);
	await p.mouse.move(from.x + 10, to.y + to.height - 4, { steps: 12 });
	await p.mouse.up();
	await saved;
	await p.reload();
	assert.deepEqual((await names()).slice(0, 2), [made[1], made[0]]);
	// and goes back by its menu, which is the way of the keyboard
	await p.locator(`button[aria-label="Mais sobre ${made[0]}"]`).click();
	await Promise.all([p.waitForNavigation(), p.locator('.menu:popover-open .menu-item', { hasText: 'Subir' }).click()]);
	assert.deepEqual(await names(), made);

	await p.goto(`${base}/settings/lead-lists`);
	await p.fill('#new-field', `Convênio ${unique}`);
	await p.selectOption('#new-type', 'text');
	await Promise.all([p.waitForNavigation(), p.locator('form', { has: p.locator('#new-field') }).locator('button[type=submit]').click()]);
	const number = phone.replace(/\d{4}$/, String(Math.floor(1000 + Math.random() * 9000)));
	for (const who of [`Gêmea ${unique}`, `Gêmea Dois ${unique}`]) {
		await p.goto(`${base}/leads/new`);
		await p.fill('[name=name]', who);
		await p.fill('[name=phone]', number);
		await p.getByLabel(`Convênio ${unique}`).fill('Odontoprev');
		await p.click('#lead-form button[type=submit]');
		// the second is told of the first, and saved all the same
		const twins = p.locator('#twins', { hasText: `Gêmea ${unique}` });
		await Promise.race([p.waitForURL(/\/leads\/\d+$/), twins.waitFor()]);
		if (!/\/leads\/\d+$/.test(p.url())) await Promise.all([p.waitForURL(/\/leads\/\d+$/), p.click('#lead-form button[type=submit]')]);
	}
	assert.match(await p.locator('.facts').textContent(), /Odontoprev/);
	await p.locator('button', { hasText: 'Unir a este' }).click();
	await Promise.all([p.waitForNavigation(), p.locator('#confirm [data-yes]').click()]);
	await p.locator('.timeline', { hasText: 'Unido a outro cadastro da mesma pessoa' }).waitFor();
	assert.equal(await p.locator('button', { hasText: 'Unir a este' }).count(), 0);
	await close(p);
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
