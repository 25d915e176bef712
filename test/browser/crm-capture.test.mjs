// The public form as visitors, robots and other sites meet it; its settings; and automations.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, shot } from './lib.mjs';

const url = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
const run = Date.now().toString(36); // the data may have been tested before
let b, office, token;

// fetch cannot set Host: a request of one's own.
function ask(method, path, { host = new URL(url).host, fields, headers = {} } = {}) {
	const body = fields ? new URLSearchParams(fields).toString() : undefined;
	return new Promise((resolve, reject) => {
		const request = http.request(
			{
				host: '127.0.0.1',
				port: new URL(url).port,
				method,
				path,
				headers: {
					Host: host,
					...(body && { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) }),
					...headers,
				},
			},
			(answer) => {
				let text = '';
				answer.setEncoding('utf8');
				answer.on('data', (piece) => (text += piece));
				answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
			},
		);
		request.on('error', reject);
		request.end(body);
	});
}

const stampOf = (html) => /name="stamp" value="([^"]+)"/.exec(html)[1];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Is there a lead whose name has these words?
async function leadNamed(name) {
	await office.goto(`${url}/funnel?q=${encodeURIComponent(name)}`);
	return office.locator('.board-card').filter({ hasText: name }).count();
}

before(async () => {
	b = await browser();
	office = await open(b, `${url}/login`);
	await login(office, 'gerente@ianara.test', password);
	await office.goto(`${url}/settings/forms`);
	await office.click('a:has-text("Agende sua avaliação")');
	token = /\/f\/([\w-]+)/.exec(await office.locator('#form-link + div code').textContent())[1];
});
after(() => b.close());

test('the form stands on its own in both themes, on desk and phone, and sets no cookie', async () => {
	for (const phone of [false, true])
		for (const dark of [false, true]) {
			const page = await open(b, `${url}/f/${token}`, { phone, dark });
			assert.deepEqual(await check(page), []);
			assert.deepEqual(await page.context().cookies(), []);
			await shot(page, `capture-${phone ? 'm' : 'd'}-${dark ? 'dark' : 'light'}`);
			await close(page);
		}
});

test('only the form may be framed by other sites', async () => {
	const form = await ask('GET', `/f/${token}?embed=1`);
	assert.match(form.headers['content-security-policy'], /frame-ancestors \*/);
	assert.equal(form.headers['x-frame-options'], undefined);
	assert.equal(form.headers['set-cookie'], undefined);
	for (const path of ['/login', '/funnel', '/settings/forms', '/f']) {
		const page = await ask('GET', path);
		assert.match(page.headers['content-security-policy'], /frame-ancestors 'none'/, path);
		assert.equal(page.headers['x-frame-options'], 'DENY', path);
	}
});

test('a visitor of a campaign becomes a lead, and the team is told', async () => {
	const page = await open(b, `${url}/f/${token}?utm_campaign=inverno-2026&utm_source=instagram`);
	await page.fill('#f-name', 'Visitante Aurélia');
	await page.fill('#f-phone', '(11) 97123-4501');
	await page.fill('#f-interest', 'Clareamento');
	await page.check('#f-consent');
	await wait(2200);
	await page.click('button:has-text("Pedir contato")');
	await page.waitForURL(/\/thanks$/);
	assert.match(await page.textContent('main'), /Recebemos seu contato/);
	assert.deepEqual(await check(page), []);
	assert.deepEqual(await page.context().cookies(), []);
	await close(page);
	assert.equal(await leadNamed('Visitante Aurélia'), 1);
	await office.click('.board-card a:has-text("Visitante Aurélia")');
	await office.waitForSelector('#drawer-in >> text=Clareamento');
	assert.match(await office.textContent('#drawer-in'), /formulário do site/);
	await office.goto(`${url}/notices`);
	assert.match(await office.textContent('main'), /Novo lead pelo site: Visitante Aurélia/);
});

test('who writes again stays one lead, with a mark on its timeline', async () => {
	const first = await ask('GET', `/f/${token}`);
	await wait(2100);
	const fields = { name: 'Otília Volta', phone: '11971234502', stamp: stampOf(first.text) };
	assert.equal((await ask('POST', `/f/${token}`, { fields })).status, 303);
	assert.equal((await ask('POST', `/f/${token}`, { fields: { ...fields, name: 'Otília V.' } })).status, 303);
	assert.equal(await leadNamed('Otília'), 1);
});

test('robots are thanked and nothing is saved', async () => {
	const page = await ask('GET', `/f/${token}`);
	const quick = { name: 'Robô Apressado', phone: '11971234503', stamp: stampOf(page.text) };
	const fast = await ask('POST', `/f/${token}`, { fields: quick });
	assert.equal(fast.status, 303);
	assert.match(fast.headers.location, /thanks/);
	await wait(2100);
	const trapped = await ask('POST', `/f/${token}`, {
		fields: { ...quick, name: 'Robô Guloso', homepage: 'http://spam.example' },
	});
	assert.equal(trapped.status, 303);
	const unsigned = await ask('POST', `/f/${token}`, { fields: { ...quick, name: 'Robô Sem Selo', stamp: '1.x' } });
	assert.equal(unsigned.status, 422);
	assert.equal(await leadNamed('Robô'), 0);
});

test('what is wrong stands beside its field, and everything typed is still there', async () => {
	const page = await open(b, `${url}/f/${token}?embed=1&utm_campaign=erro`, { phone: true });
	await page.fill('#f-name', 'Zilda <b>"Teste"</b>');
	await page.fill('#f-interest', 'Implante & coroa');
	await wait(2100);
	await page.click('button:has-text("Pedir contato")');
	await page.waitForSelector('#f-phone-bad');
	assert.match(await page.textContent('#f-phone-bad'), /Informe um telefone ou um e-mail/);
	assert.equal(await page.inputValue('#f-name'), 'Zilda <b>"Teste"</b>');
	assert.equal(await page.inputValue('#f-interest'), 'Implante & coroa');
	assert.equal(await page.inputValue('input[name=utm_campaign]'), 'erro');
	assert.deepEqual(await check(page), []);
	// mended at once: who was shown the form again is no robot
	await page.fill('#f-email', 'zilda@exemplo.com');
	await page.click('button:has-text("Pedir contato")');
	await page.waitForURL(/thanks\?embed=1/);
	await close(page);
	assert.equal(await leadNamed('Zilda'), 1);
});

test('bad bytes are refused and save nothing', async () => {
	const stamp = stampOf((await ask('GET', `/f/${token}`)).text);
	await wait(2100);
	const tooLong = await ask('POST', `/f/${token}`, {
		fields: { name: 'N'.repeat(300), phone: '11971234504', stamp },
	});
	assert.equal(tooLong.status, 422);
	const badPhone = await ask('POST', `/f/${token}`, { fields: { name: 'Ana', phone: '123', stamp } });
	assert.equal(badPhone.status, 422);
	assert.match(badPhone.text, /id="f-phone-bad"/);
	const huge = await ask('POST', `/f/${token}`, { fields: { name: 'A'.repeat(40_000), stamp } });
	assert.equal(huge.status, 413);
	const noForm = await ask('POST', `/f/${token}`, { headers: { 'Content-Type': 'application/json', 'Content-Length': 0 } });
	assert.ok([400, 415, 422].includes(noForm.status));
});

test('the form of one clinic is nobody at another', async () => {
	const host = new URL(url).host.replace('ianara', 'aurora');
	assert.equal((await ask('GET', `/f/${token}`, { host })).status, 404);
	assert.equal((await ask('GET', `/f/${token}/thanks`, { host })).status, 404);
	const stamp = stampOf((await ask('GET', `/f/${token}`)).text);
	await wait(2100);
	const fields = { name: 'Perdida', phone: '11971234505', stamp };
	assert.equal((await ask('POST', `/f/${token}`, { host, fields })).status, 404);
	assert.equal((await ask('GET', '/f/zzzzzzzzzzzzzzzzzzzzzz')).status, 404);
});

test('framed by a foreign site, it takes a lead without a cookie', async () => {
	const site = http
		.createServer((q, s) => {
			s.setHeader('Content-Type', 'text/html; charset=utf-8');
			s.end(`<!doctype html><title>Site</title><iframe src="${url}/f/${token}?embed=1" width="600" height="700"></iframe>`);
		})
		.listen(0, '127.0.0.1');
	await new Promise((resolve) => site.once('listening', resolve));
	const page = await open(b, `http://127.0.0.1:${site.address().port}/`);
	const frame = page.frameLocator('iframe');
	await frame.locator('#f-name').fill('Moldura Silva');
	await frame.locator('#f-phone').fill('11971234506');
	await wait(2200);
	await frame.locator('button:has-text("Pedir contato")').click();
	await frame.locator('text=Recebemos seu contato').waitFor();
	assert.deepEqual(await page.context().cookies(), []);
	await close(page);
	site.close();
	assert.equal(await leadNamed('Moldura Silva'), 1);
});

test('a form is made, published, and taken out of use', async () => {
	await office.goto(`${url}/settings/forms/new`);
	await office.fill('#f-title', '');
	await office.fill('#f-text', 'Primeira consulta sem custo.');
	await office.click('button:has-text("Salvar")');
	await office.waitForSelector('#f-title-bad');
	assert.equal(await office.inputValue('#f-text'), 'Primeira consulta sem custo.');
	await office.fill('#f-title', `Inverno ${run}`);
	await office.uncheck('#f-ask_email');
	await office.selectOption('#f-stage_id', { label: 'Em conversa' });
	await office.selectOption('#f-source_id', { label: 'Campanha' });
	await office.click('button:has-text("Salvar")');
	await office.waitForURL(/settings\/forms\/\d+$/);
	assert.deepEqual(await check(office), []);
	const link = await office.locator('#form-link + div code').textContent();
	assert.match(await office.locator('#form-frame + div code').textContent(), /^<iframe src="http.*embed=1"/);
	const visitor = await open(b, link);
	assert.equal(await visitor.locator('#f-email').count(), 0);
	await visitor.fill('#f-name', `Iolanda ${run}`);
	await wait(2100);
	await visitor.click('button:has-text("Pedir contato")');
	assert.match(await visitor.textContent('#f-phone-bad'), /Informe um telefone/);
	await visitor.fill('#f-phone', `11 9${String(Date.now()).slice(-8)}`);
	await visitor.click('button:has-text("Pedir contato")');
	await visitor.waitForURL(/thanks/);
	assert.equal(await leadNamed(`Iolanda ${run}`), 1);
	assert.equal(await office.locator(`[aria-label="Em conversa"] .board-card:has-text("Iolanda ${run}")`).count(), 1);
	await office.goto(`${url}/settings/forms`);
	assert.match(await office.textContent(`li:has-text("Inverno ${run}")`), /1 lead em 30 dias/);
	await office.click(`a:has-text("Inverno ${run}")`);
	await office.uncheck('#f-active');
	await office.click('button:has-text("Salvar")');
	await office.waitForSelector('text=não recebe mais contatos');
	assert.equal((await visitor.goto(link)).status(), 404);
	assert.match(await visitor.textContent('main'), /não recebe mais contatos/);
	await close(visitor);
});

test('reception may not see the settings', async () => {
	const page = await open(b, `${url}/login`);
	await login(page, 'recepcao@ianara.test', password);
	for (const path of ['/settings/forms', '/settings/automations'])
		assert.equal((await page.goto(url + path)).status(), 403, path);
	await close(page);
});

// ---- automations ----

async function newRule(stage, fill) {
	await office.goto(`${url}/settings/automations`);
	await office.click(`.chips a:has-text("${stage}")`);
	await office.locator('a:has-text("Nova automação")').first().click();
	await fill();
	await Promise.all([office.waitForNavigation({ url: /automations\?stage=/ }), office.click('button:has-text("Salvar")')]);
}

// What stands in the menu of the nth rule.
async function menu(n, item) {
	await office.locator('ol > li').nth(n).locator('button[aria-haspopup=menu]').click();
	await office.locator('[role=menu]:visible').getByText(item, { exact: true }).click();
}

test('a rule is made by its form, and only the fields of its action are shown', async () => {
	await office.goto(`${url}/settings/automations`);
	await office.click('.chips a:has-text("Avaliação")');
	while (await office.locator('ol > li').count()) {
		await menu(0, 'Excluir');
		await office.click('dialog[open] button:has-text("Excluir")');
		await office.waitForSelector('text=Automação excluída');
		await office.reload();
	}
	await newRule('Avaliação', async () => {
		assert.ok(await office.isVisible('#f-task_title'));
		assert.ok(!(await office.isVisible('#f-move_stage')));
		await office.click('button:has-text("Salvar")');
		assert.match(await office.textContent('#f-task_title-bad'), /Escreva o que fazer/);
		await office.fill('#f-task_title', 'Confirmar a avaliação');
		await office.fill('#f-due', '2');
		await office.selectOption('#f-due_unit', 'days');
	});
	assert.match(await office.textContent('ol li'), /Criar tarefa: Confirmar a avaliação/);
	assert.match(await office.textContent('ol li'), /Ao entrar na etapa · Ligação em 2 dias, para o responsável/);
	await newRule('Avaliação', async () => {
		await office.check('input[name=action][value=notify]');
		assert.ok(!(await office.isVisible('#f-task_title')));
		await office.fill('#f-notify_text', 'Chegou na avaliação');
	});
	await newRule('Avaliação', async () => {
		await office.check('input[name=timing][value=after]');
		await office.fill('#f-after_days', '30');
		await office.check('input[name=action][value=move]');
		await office.selectOption('#f-move_stage', { label: 'Novo contato' });
	});
	assert.equal(await office.locator('ol > li').count(), 3);
	assert.deepEqual(await check(office), []);
});

test('a lead that enters the stage sets them off, and the runs can be read', async () => {
	await leadNamed('Visitante Aurélia');
	const lead = /leads\/(\d+)/.exec(await office.locator('.board-card a:has-text("Visitante Aurélia")').getAttribute('href'))[1];
	await office.goto(`${url}/funnel?q=Visitante`);
	const stage = await office.locator('section[aria-label="Avaliação"]').getAttribute('data-stage');
	const first = await office.locator('section[aria-label="Novo contato"]').getAttribute('data-stage');
	for (const to of [first, stage])
		await office.evaluate(
			([id, where]) =>
				fetch(`/leads/${id}/stage`, {
					method: 'PATCH',
					headers: { 'HX-Request': 'true' },
					body: new URLSearchParams({ stage: where, before: '' }),
				}),
			[lead, to],
		);
	await office.goto(`${url}/leads/${lead}`);
	const text = await office.textContent('main');
	assert.match(text, /Automação criou uma tarefa/);
	assert.match(text, /Confirmar a avaliação/);
	assert.match(text, /Automação avisou a equipe/);
	await office.goto(`${url}/settings/automations?stage=${stage}`);
	assert.match(await office.textContent('ol li:first-child'), /1 vez em 30 dias/);
	await office.click('ol li:first-child a.cover');
	await office.waitForSelector('#runs');
	assert.match(await office.textContent('#runs'), /Visitante Aurélia/);
	assert.deepEqual(await check(office), []);
	for (const dark of [false, true]) {
		const phone = await open(b, `${url}/login`, { phone: true, dark });
		await login(phone, 'gerente@ianara.test', password);
		for (const [name, path] of [
			['automations', `/settings/automations?stage=${stage}`],
			['automation', new URL(office.url()).pathname],
			['forms', '/settings/forms'],
		]) {
			await phone.goto(url + path);
			assert.deepEqual(await check(phone), [], path);
			await shot(phone, `${name}-m-${dark ? 'dark' : 'light'}`);
		}
		await close(phone);
	}
});

test('rules are put in order, paused and deleted', async () => {
	await office.goto(`${url}/settings/automations`);
	await office.click('.chips a:has-text("Avaliação")');
	await menu(0, 'Descer');
	await office.waitForSelector('text=Ordem mudada');
	assert.match(await office.locator('ol > li').nth(1).textContent(), /Criar tarefa/);
	await menu(1, 'Pausar');
	await office.waitForSelector('ol li:has-text("Pausada")');
	await menu(1, 'Excluir');
	await office.click('dialog[open] button:has-text("Excluir")');
	await office.waitForSelector('text=Automação excluída');
	assert.equal(await office.locator('ol > li').count(), 2);
});
