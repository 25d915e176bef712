// A lead's whole way once more: by the keyboard alone, and by a finger alone on a phone; and what a manager sets up
// around it: stages, a field of the clinic, two leads of one person.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, close, login, open, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const someone = () => `(11) 9${String(Math.floor(Math.random() * 1e8)).padStart(8, '0').replace(/(....)(....)/, '$1-$2')}`;
let b;

before(async () => (b = await browser()));
after(async () => b.close());

const column = (title, p) => p.locator('.board-col', { has: p.locator('h2', { hasText: title }) });

// What both do: how a thing is reached and pressed is the only difference.
async function wholeWay(p, hand, who) {
	await hand.create();
	await p.locator('#lead-form').waitFor();
	await hand.type('#f-name', who);
	await hand.type('#f-phone', someone());
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
	const number = someone();
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
