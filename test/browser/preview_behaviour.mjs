// What the scripts of every page do, tried on the pages of /design: palette, drawer, menus, dialogs,
// questions, toasts, keys, theme, masks, tags, drafts, uploads, ticks, and the board by pointer and by
// keyboard. Each test is a sentence.
import { check, close, open, shot, until } from './lib.mjs';

const tests = [];
const test = (name, options, run) => tests.push({ name, options, run });

function same(got, want, what) {
	const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
	if (a !== b) throw new Error(`${what}: got ${a}, want ${b}`);
}
const yes = (value, what) => {
	if (!value) throw new Error(what);
};

const column = (page, name) => page.locator(`.board-col[data-name="${name}"]`);
const namesIn = (page, name) => column(page, name).locator('.board-card h3').allTextContents();

test('Ctrl+K opens the palette, which finds pages without accents and people on the server', {}, async (page) => {
	await page.keyboard.press('Control+k');
	await page.waitForSelector('#palette[open]');
	yes((await page.locator('#palette [role=option]').count()) > 8, 'pages and actions are listed');
	await shot(page, 'palette-d-light');
	await page.keyboard.type('relatorios');
	same(await page.locator('#palette [role=option]').allTextContents(), ['RelatóriosGR'], 'found');
	await page.fill('#palette input', 'marta');
	await page.waitForSelector('#palette [role=option]:has-text("Marta Vasconcelos")');
	same(await page.getAttribute('#palette input', 'aria-activedescendant'), 'palette-0', 'first is chosen');
	await page.fill('#palette input', 'zzzz');
	await page.waitForSelector('.palette-empty:visible');
	await page.keyboard.press('Escape');
	await page.waitForSelector('#palette:not([open])', { state: 'attached' });
});

test('the palette is walked with arrows and opened with Enter', {}, async (page) => {
	await page.keyboard.press('/');
	await page.waitForSelector('#palette[open]');
	await page.keyboard.type('pacientes');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowUp');
	await Promise.all([page.waitForURL('**/patients'), page.keyboard.press('Enter')]);
});

test('g f goes to the funnel, but not while typing', {}, async (page) => {
	await page.focus('#f-name');
	await page.keyboard.type(' gf');
	yes(page.url().includes('/design'), 'typing stays');
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press('g');
	await Promise.all([page.waitForURL('**/leads'), page.keyboard.press('f')]);
});

test('? lists the shortcuts of this user', {}, async (page) => {
	await page.keyboard.press('?');
	await page.waitForSelector('#keys-help[open]');
	const text = await page.textContent('#keys-help');
	yes(text.includes('Novo lead') && text.includes('Funil de vendas'), 'own pages are listed');
	await shot(page, 'keys-d-light');
});

test('a link opens in the drawer, which holds the focus and gives it back', {}, async (page) => {
	const link = page.locator('a[data-drawer]', { hasText: 'Rodrigo Paiva' });
	await link.focus();
	await page.keyboard.press('Enter');
	await page.waitForSelector('#drawer[open]');
	same(await page.evaluate(() => document.activeElement.id), 'drawer-title', 'focus');
	await page.waitForTimeout(350);
	await shot(page, 'drawer-d-light');
	const problems = await check(page);
	same(problems, [], 'drawer is clean');
	await page.keyboard.press('Escape');
	await until(async () => !(await page.locator('#drawer').getAttribute('open')), 'drawer closed');
	same(await page.evaluate(() => document.activeElement.textContent), 'Rodrigo Paiva', 'focus is back');
});

test('a menu opens under its button, is walked by arrows, and Esc gives the focus back', {}, async (page) => {
	const button = page.locator('[popovertarget=menu-a]');
	await button.focus();
	await page.keyboard.press('ArrowDown');
	await page.waitForSelector('#menu-a:popover-open');
	same(await button.getAttribute('aria-expanded'), 'true', 'aria-expanded');
	const [b, m] = [await button.boundingBox(), await page.locator('#menu-a').boundingBox()];
	yes(Math.abs(m.y - b.y - b.height) < 8 && Math.abs(m.x - b.x) < 2, 'menu is under its button');
	await page.keyboard.press('ArrowDown');
	same(await page.evaluate(() => document.activeElement.textContent), 'Convênios', 'second item');
	await shot(page, 'menu-d-light');
	await page.keyboard.press('Escape');
	await until(async () => (await button.getAttribute('aria-expanded')) === 'false', 'the menu is closed');
	same(await page.evaluate(() => document.activeElement.getAttribute('popovertarget')), 'menu-a', 'focus is back');
});

test('nothing is sent before the question is answered', {}, async (page, { sent }) => {
	await page.click('[popovertarget=menu-b]');
	await page.click('#menu-b .menu-item:has-text("Excluir lead")');
	await page.waitForSelector('#confirm[open]');
	same(await page.textContent('#confirm h2'), 'Excluir o lead de Marta Vasconcelos?', 'title');
	same(await page.textContent('#confirm [data-yes]'), 'Excluir lead', 'verb');
	await page.waitForTimeout(250);
	await shot(page, 'confirm-d-light');
	await page.click('#confirm [data-close]');
	same(sent.filter((r) => r.method === 'POST').length, 0, 'POSTs');
	await page.click('[popovertarget=menu-b]');
	await page.click('#menu-b .menu-item:has-text("Excluir lead")');
	await Promise.all([page.waitForRequest((r) => r.method() === 'POST'), page.click('#confirm [data-yes]')]);
});

test('the unit switcher is fetched when it is first opened', {}, async (page) => {
	await page.click('[popovertarget=switcher]');
	await page.waitForSelector('#switcher .menu-item:has-text("Unidade Jardins")');
	await shot(page, 'switcher-d-light');
});

test('the theme button changes the theme and leaves the cookie for the server', {}, async (page) => {
	await page.click('.top [data-theme-toggle]');
	yes(await page.evaluate(() => document.documentElement.classList.contains('dark')), 'dark now');
	const cookie = (await page.context().cookies()).find((c) => c.name === 'theme');
	same(cookie.value, 'dark', 'cookie');
});

test('a toast shows what it is told as text, waits under the pointer, and leaves', { clock: true }, async (page) => {
	await page.evaluate(() => window.siso.toast('Salvo <b>já</b>', { detail: 'Tudo certo' }));
	const toast = page.locator('#toasts .toast');
	yes((await toast.innerHTML()).includes('&lt;b&gt;'), 'text is escaped');
	await toast.hover();
	await page.clock.runFor(20_000);
	same(await toast.count(), 1, 'waits under the pointer');
	await page.mouse.move(5, 5);
	await page.clock.runFor(8_000);
	same(await toast.count(), 0, 'has left');
});

test('masks shape phones, CPF, CNPJ and money as they are typed', {}, async (page) => {
	const type = async (id, text) => {
		await page.fill(id, '');
		await page.type(id, text);
		await page.locator(id).blur();
		return page.inputValue(id);
	};
	same(await type('#f-phone', '11987654321'), '(11) 98765-4321', 'mobile');
	same(await type('#f-phone', '1132654321'), '(11) 3265-4321', 'landline');
	same(await type('#f-phone', '+442071838750'), '+442071838750', 'foreign');
	same(await type('#f-cpf-bad', '12345678909'), '123.456.789-09', 'CPF');
	same(await type('#f-value', '1240'), '1.240,00', 'money');
	same(await type('#f-value', '1234.5'), '1.234,50', 'money with a dot');
	same(await type('#f-value', '1.234'), '1.234,00', 'thousands');
});

test('an error goes away when its field is edited', {}, async (page) => {
	await page.type('#f-cpf-bad', '1');
	same(await page.locator('#f-cpf-bad').getAttribute('aria-invalid'), null, 'aria-invalid');
	same(await page.locator('#f-cpf-bad-bad').count(), 0, 'sentence');
});

test('tags are made with Enter and comma, never twice, and sent under one name', {}, async (page) => {
	await page.type('#f-tags', 'urgente');
	await page.keyboard.press('Enter');
	await page.type('#f-tags', 'implante,canal,');
	const values = await page.locator('[data-tags] [type=hidden]').evaluateAll((all) => all.map((i) => i.value));
	same(values, ['implante', 'indicação', 'retorno', 'urgente', 'canal'], 'tags');
	const sent = await page.evaluate(() => new FormData(document.querySelector('form[data-draft]')).getAll('tags'));
	same(sent, values, 'sent');
	await page.keyboard.press('Backspace');
	same(await page.locator('[data-tags] .tag').count(), 4, 'after Backspace');
});

test('ticked rows are counted, all at once or one by one', {}, async (page) => {
	await page.check('[data-check-all]');
	same(await page.textContent('[data-bulk-count]'), '4', 'all');
	await page.uncheck('[data-check] >> nth=0');
	same(await page.textContent('[data-bulk-count]'), '3', 'but one');
	yes(await page.locator('[data-check-all]').evaluate((box) => box.indeterminate), 'indeterminate');
	await page.click('[data-uncheck]');
	yes(await page.locator('[data-bulk]').isHidden(), 'bar is gone');
});

test('what was typed survives leaving the page, and can be discarded', { page: 'empty' }, async (page, { base }) => {
	await page.goto(`${base}/design?page=draft`);
	await page.fill('#f-name', 'Joana Prado');
	await page.waitForTimeout(500);
	await page.goto(`${base}/design?page=empty`);
	await page.goto(`${base}/design?page=draft`);
	same(await page.inputValue('#f-name'), 'Joana Prado', 'restored');
	await page.click('[data-draft-note] button');
	same(await page.inputValue('#f-name'), 'Larissa Campos', 'discarded');
});

test('a file is sent by one PUT; a wrong one is refused with the reason', {}, async (page, { put }) => {
	await page.setInputFiles('#design-file', { name: 'foto.png', mimeType: 'image/png', buffer: Buffer.from('x') });
	same(await page.textContent('.upload-item .muted'), 'Este tipo de arquivo não serve aqui.', 'type');
	await page.setInputFiles('#design-file', {
		name: 'leads.csv',
		mimeType: 'text/csv',
		buffer: Buffer.alloc(6_000_000, 97),
	});
	yes((await page.textContent('.upload-item .muted')).startsWith('Tem 6,0 MB'), 'size');
	same(put.length, 0, 'nothing was sent');
	await page.setInputFiles('#design-file', { name: 'meus leads.csv', mimeType: 'text/csv', buffer: Buffer.from('a;b') });
	await until(() => put.length === 1, 'the upload');
	same(put[0], { name: 'meus%20leads.csv', size: 3 }, 'sent');
});

test('Ctrl+Enter saves the form; its button waits and cannot be pressed twice', { page: 'draft' }, async (page, { sent }) => {
	await page.route('**/design', async (route) => {
		if (route.request().method() === 'POST') await new Promise((resolve) => setTimeout(resolve, 1200));
		await route.continue();
	});
	// the page itself watches: a driver cannot look into a page that is leaving
	await page.evaluate(() =>
		document.addEventListener('submit', () =>
			setTimeout(() => {
				const button = document.querySelector('#design-form .form-foot button');
				sessionStorage.setItem('seen', button.getAttribute('aria-busy'));
				button.form.requestSubmit();
			}, 500),
		),
	);
	await page.focus('#f-name');
	await Promise.all([page.waitForNavigation(), page.keyboard.press('Control+Enter')]);
	same(await page.evaluate(() => sessionStorage.getItem('seen')), 'true', 'the button waited');
	same(sent.filter((r) => r.method === 'POST').length, 1, 'POSTs');
});

test('a lost connection is said until it is back', {}, async (page) => {
	await page.context().setOffline(true);
	await page.waitForSelector('#offline:visible');
	same(await check(page), [], 'the banner is clean');
	await page.context().setOffline(false);
	await until(() => page.locator('#offline').isHidden(), 'the banner to go');
});

test('a whole page in answer to htmx never lands inside the page', {}, async (page) => {
	await page.route('**/design?page=drawer', (route) =>
		route.fulfill({ status: 502, contentType: 'text/html', body: '<!doctype html><title>502</title><h1>nginx</h1>' }),
	);
	await page.locator('a[data-drawer]', { hasText: 'Rodrigo Paiva' }).click();
	await page.waitForSelector('#toasts .toast.tone-red');
	same(await page.locator('#drawer-in > *').count(), 0, 'drawer stays empty');
	yes(!(await page.locator('#drawer').getAttribute('open')), 'drawer stays closed');
	await page.locator('a[data-drawer]', { hasText: 'Rodrigo Paiva' }).evaluate((a) => a.setAttribute('href', '/design?page=empty'));
	await page.locator('a[data-drawer]', { hasText: 'Rodrigo Paiva' }).click();
	await page.waitForURL('**/design?page=empty');
});

test('a password can be shown and hidden', { page: 'sign-in' }, async (page) => {
	await page.fill('#f-password', 'segredo');
	await page.click('[data-reveal]');
	same(await page.getAttribute('#f-password', 'type'), 'text', 'shown');
	await page.click('[data-reveal]');
	same(await page.getAttribute('#f-password', 'type'), 'password', 'hidden');
});

async function drag(page, card, to) {
	const a = await page.locator(card).boundingBox();
	const z = await column(page, to).locator('[data-list]').boundingBox();
	await page.mouse.move(a.x + 60, a.y + 14);
	await page.mouse.down();
	await page.mouse.move(a.x + 90, a.y + 30, { steps: 4 });
	await page.mouse.move(z.x + 80, z.y + 60, { steps: 12 });
	await page.waitForTimeout(250);
}

test('a card is carried to another column, and the figures follow', { page: 'board' }, async (page, { moves }) => {
	await drag(page, '#lead-12', 'Avaliação');
	await shot(page, 'board-d-light-drag');
	await page.mouse.up();
	await until(() => moves.length === 1, 'the move');
	same([moves[0].stage, moves[0].version], ['3', '1'], 'sent');
	yes((await namesIn(page, 'Avaliação')).includes('Bruno Cardoso'), 'card is there');
	same(await column(page, 'Novo contato').locator('[data-count]').textContent(), '3', 'count');
	same(await column(page, 'Avaliação').locator('[data-sum]').textContent(), 'R$\u00a025.700', 'sum');
});

test('a refused move puts the card back and says why', { page: 'board' }, async (page, { refuseNext }) => {
	refuseNext(409);
	await drag(page, '#lead-21', 'Fechado');
	await page.mouse.up();
	await page.waitForSelector('#toasts .toast:has-text("Outra pessoa moveu este lead.")');
	await until(async () => (await namesIn(page, 'Em conversa'))[0] === 'Marta Vasconcelos', 'the card is back');
	same(await column(page, 'Em conversa').locator('[data-sum]').textContent(), 'R$\u00a051.200', 'sum');
});

const order = (page) => page.locator('[data-sort] > li').allTextContents();

async function carryFirstDown(page) {
	await page.locator('[data-sort]').scrollIntoViewIfNeeded();
	const grip = await page.locator('[data-sort] > li > span').first().boundingBox();
	await page.mouse.move(grip.x + 5, grip.y + 5);
	await page.mouse.down();
	await page.mouse.move(grip.x + 8, grip.y + 30, { steps: 4 });
	await page.mouse.move(grip.x + 8, grip.y + 75, { steps: 8 });
	await page.waitForTimeout(250);
	await page.mouse.up();
}

test('a list is put in order by hand, and keeps its order when the server refuses', {}, async (page, { moves, refuseNext }) => {
	await carryFirstDown(page);
	await until(() => moves.length === 1, 'the order');
	yes(moves[0].ids.length === 5 && moves[0].ids[0] === '2', `sent ${moves[0].ids}`);
	const now = await order(page);
	refuseNext(409);
	await carryFirstDown(page);
	await page.waitForSelector('#toasts .toast.tone-red');
	same(await order(page), now, 'order after the refusal');
});

test('the keyboard moves a card by its menu', { page: 'board' }, async (page, { moves }) => {
	await page.focus('#lead-22 [popovertarget]');
	await page.keyboard.press('Enter');
	await page.waitForSelector('#move-menu:popover-open');
	await page.keyboard.press('Escape');
	await page.focus('#lead-11 [popovertarget]');
	await page.keyboard.press('Enter');
	await page.waitForSelector('#move-menu:popover-open');
	yes(await page.locator('#move-menu [data-move="1"]').isHidden(), 'its own stage is not offered');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	const wanted = await page.evaluate(() => document.activeElement.textContent.trim());
	await page.keyboard.press('Enter');
	await until(() => moves.length === 1, 'the move');
	same((await namesIn(page, wanted))[0], 'Letícia Moraes', 'card is first there');
	await page.waitForSelector(`#toasts .toast:has-text("Movido para ${wanted}")`);
	same(await page.evaluate(() => document.activeElement.textContent), 'Letícia Moraes', 'focus follows');
});

test('the phone has the whole menu behind Mais, and what can be made behind the plus', { phone: true }, async (page) => {
	await page.tap('[data-open=more]');
	await page.waitForSelector('#more[open]');
	const text = await page.textContent('#more');
	yes(text.includes('Relatórios') && text.includes('Configurações') && text.includes('Sair'), 'menu');
	await page.waitForTimeout(300);
	await shot(page, 'more-m-light');
	same(await check(page), [], 'menu is clean');
	await page.keyboard.press('Escape');
	await page.tap('[data-open=create]');
	await page.waitForSelector('#create[open]');
	await page.waitForTimeout(300);
	await shot(page, 'create-m-light');
});

test('the palette and the drawer fill the phone', { phone: true, dark: true }, async (page) => {
	await page.tap('.phone-only[data-open=palette]');
	await page.waitForSelector('#palette[open]');
	await page.fill('#palette input', 'marta');
	await page.waitForSelector('#palette [role=option]:has-text("Marta")');
	await shot(page, 'palette-m-dark');
	same(await check(page), [], 'palette is clean');
	await page.tap('#palette [data-close]');
	await page.locator('a[data-drawer]', { hasText: 'Camila Freire' }).tap();
	await page.waitForSelector('#drawer[open]');
	await page.waitForTimeout(350);
	await shot(page, 'drawer-m-dark');
	same(await check(page), [], 'drawer is clean');
});

export async function behaviour(b, base, report, server) {
	for (const { name, options, run } of tests) {
		const page = await open(b, null, { phone: options.phone, dark: options.dark });
		const sent = [];
		page.on('request', (request) => sent.push({ method: request.method(), url: request.url() }));
		server.moves.length = 0;
		server.put.length = 0;
		const problems = [];
		try {
			if (options.clock) await page.clock.install();
			await page.context().addCookies([{ name: 'theme', value: options.dark ? 'dark' : 'light', url: base }]);
			await page.goto(`${base}/design?page=${options.page ?? 'design'}`);
			await run(page, { ...server, base, sent });
		} catch (error) {
			problems.push(error.message.split('\n').slice(0, 3).join(' / '));
		}
		problems.push(...page.problems);
		report(name, problems);
		await close(page);
	}
}
