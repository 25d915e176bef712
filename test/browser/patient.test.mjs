// Patients as a receptionist works with them: register, twins, edit with somebody else at it too, family and
// cards, merge and undo, search by everything people say, wrong and hostile input. Each page must pass check().
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, cspProblems, login, open, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const password = 'sorriso-aberto-2026';
const unique = Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d]);
const name = `Joaquina ${unique[0].toUpperCase()}${unique.slice(1)}`;
const digits = String(Date.now()).slice(-8);
const phone = `(11) 9${digits.slice(0, 4)}-${digits.slice(4)}`;
const cep = `0${digits.slice(1, 5)}-${digits.slice(5)}`;
const street = `Avenida ${unique}`;
const tag = `etiqueta-${unique}`;
let b, page, id;

// MANUAL=1 renews the manual's pictures.
const picture = async (title) =>
	process.env.MANUAL &&
	page.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });
const go = (path) => page.goto(base + path, { waitUntil: 'load' });
const save = (label, p = page) => Promise.all([p.waitForNavigation(), p.click(`button:text-is("${label}")`)]);
const idOf = (url) => Number(url.match(/\/patients\/(\d+)/)[1]);
const find = async (question) => {
	await go(`/patients?q=${encodeURIComponent(question)}`);
	return page.locator('[data-rows] a[data-row]').allTextContents();
};
const api = (path, body, method = 'POST') =>
	page.evaluate(
		async ([where, what, how, form]) => {
			const csrf = document.querySelector('input[name=csrf]')?.value;
			const answer = await fetch(where, {
				method: how,
				headers: form ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
				body: form ? new URLSearchParams({ csrf, ...what }) : undefined,
				redirect: 'manual',
			});
			return { status: answer.status, text: await answer.text() };
		},
		[path, body, method, !!body],
	);

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, 'recepcao@ianara.test', password);
});
after(async () => b.close());

test('a child is registered with guardian, convênio and address, and nothing typed is lost on the way', async () => {
	await go('/patients/new');
	await page.fill('#f-name', name);
	await page.fill('#f-birth', '2018-03-09');
	await page.fill('#f-cpf', '111.111.111-11');
	await page.fill('#f-phone', phone);
	await page.fill('#f-cep', cep);
	await page.fill('#f-street', street);
	await page.fill('#f-city', 'São Paulo');
	await page.selectOption('#f-uf', 'SP');
	await page.fill('#f-guardian', 'Rosa Mãe');
	await page.selectOption('#f-guardian_kind', 'mother');
	await page.fill('#f-insurer', 'Odontoprev');
	await page.fill('#f-tags', tag);
	await page.keyboard.press('Enter');
	await page.check('#f-consents-whatsapp');
	await page.fill('#f-notes', 'Linha um\nLinha dois');
	await save('Cadastrar paciente');
	assert.match(await page.locator('.form-errors').textContent(), /CPF/);
	assert.equal(await page.inputValue('#f-notes'), 'Linha um\nLinha dois');
	assert.equal(await page.inputValue('#f-guardian'), 'Rosa Mãe');
	assert.ok(await page.isChecked('#f-consents-whatsapp'));
	await page.fill('#f-cpf', '');
	await save('Cadastrar paciente');
	id = idOf(page.url());
	const text = await page.locator('main').textContent();
	for (const part of [name, '8 anos', 'Odontoprev', 'Rosa Mãe', tag, 'WhatsApp: autorizou', street])
		assert.ok(text.includes(part), part);
	assert.ok(!text.includes('sem responsável'));
	assert.deepEqual(await check(page), []);
});

test('the head offers WhatsApp and the tabs that this person may see, and empty tabs say so', async () => {
	const link = page.locator('main header a:has-text("WhatsApp")');
	assert.equal(await link.getAttribute('href'), `https://wa.me/55${phone.replace(/\D/g, '')}`);
	const tabs = await page.locator('nav[aria-label="Partes da ficha"] a').allTextContents();
	assert.equal(tabs[0], 'Resumo');
	assert.ok(tabs.includes('Documentos') && tabs.includes('Financeiro'));
	assert.ok(!tabs.includes('Imagens'), 'the reception sees no X-rays');
	assert.equal((await go(`/patients/${id}/images`)).status(), 403);
	assert.equal((await go(`/patients/${id}/finance`)).status(), 200);
	assert.ok((await page.textContent('main')).includes('Nenhum lançamento'));
});

test('somebody with the same phone is shown before a second record is made', async () => {
	await go('/patients/new');
	await page.fill('#f-name', `${name} Irmã`);
	await page.fill('#f-phone', phone);
	await save('Cadastrar paciente');
	assert.match(await page.locator('.alert[role=alert]').first().textContent(), /já é paciente/);
	assert.deepEqual(await check(page), []);
	await save('Cadastrar mesmo assim');
	assert.notEqual(idOf(page.url()), id);
});

test('on a slow line what was saved does not come back in the next form, and what was typed last is what is found', async () => {
	const cousin = name.replace('Joaquina', 'Juvenal');
	const slow = async (route) => {
		await new Promise((done) => setTimeout(done, 600));
		await route.continue();
	};
	await page.route(/\/patients(\?|$)/, slow);
	await go('/patients/new');
	await page.fill('#f-name', cousin);
	await page.fill('#f-phone', phone.replace(/.$/, (digit) => (Number(digit) + 1) % 10));
	await save('Cadastrar paciente');
	await go('/patients/new');
	assert.equal(await page.inputValue('#f-name'), '');
	await go('/patients');
	const search = page.locator('form[role=search] [name=q]');
	for (const part of ['ana', 'sem que haja', cousin]) {
		await search.fill(part);
		await page.waitForTimeout(400);
	}
	await until(async () => (await page.locator('[data-rows] a[data-row]').allTextContents()).join() === cousin, 'the one asked for last');
	await page.unroute(/\/patients(\?|$)/);
});

test('a CEP that the clinic knows fills the address and keeps what was typed', async () => {
	await go('/patients/new');
	await page.fill('#f-number', '1500');
	await page.fill('#f-district', 'Digitado à mão');
	await page.fill('#f-cep', cep);
	await page.keyboard.press('Tab');
	await until(async () => (await page.inputValue('#f-street')) === street, 'the street');
	assert.equal(await page.inputValue('#f-number'), '1500');
	assert.equal(await page.inputValue('#f-uf'), 'SP');
	assert.equal(await page.inputValue('#f-district'), 'Digitado à mão');
	await page.fill('#f-cep', '99999-999');
	await page.keyboard.press('Tab');
	assert.equal(await page.inputValue('#f-cep'), '99999-999');
});

test('two people edit: the second sees what the first saved and chooses', async () => {
	const other = await open(b, `${base}/login`);
	await login(other, 'gerente@ianara.test', password);
	await go(`/patients/${id}/edit`);
	await other.goto(`${base}/patients/${id}/edit`);
	await other.fill('#f-street', 'Rua Nova');
	await save('Salvar', other);
	await close(other);
	await page.fill('#f-occupation', 'Estudante');
	await save('Salvar');
	assert.match(await page.locator('.alert[role=alert]').first().textContent(), /Rua Nova/);
	assert.equal(await page.inputValue('#f-occupation'), 'Estudante');
	assert.deepEqual(await check(page), []);
	await page.fill('#f-street', 'Rua Nova');
	await save('Salvar o que está no formulário');
	const text = await page.locator('main').textContent();
	assert.ok(text.includes('Rua Nova') && text.includes('Estudante'));
	assert.ok(text.includes('Mudou: profissão'), 'the timeline tells what changed');
});

test('cards and family are kept beside the form, without leaving it', async () => {
	await go(`/patients/${id}/edit`);
	await page.click('summary:has-text("Incluir convênio")');
	await page.click('#cards button:text-is("Incluir convênio")');
	await page.waitForSelector('#cards [aria-invalid=true]');
	await page.fill('#cards #f-insurer', 'Amil Dental');
	await page.fill('#cards #f-valid_until', '2020-01-31');
	await page.click('#cards button:text-is("Incluir convênio")');
	await page.waitForSelector('#cards :text("Vencida")');
	await page.click('summary:has-text("Incluir pessoa")');
	await page.fill('#f-pick', 'antonio carlos');
	await page.click('#pick label:has-text("Antônio Carlos Reis")');
	await page.selectOption('#f-kind', 'grandparent');
	await page.check('#family #f-pays');
	await page.click('#family button:text-is("Incluir pessoa")');
	await page.waitForSelector('#family li:has-text("Antônio Carlos Reis")');
	assert.deepEqual(await check(page), []);
	await page.click('#family li:has-text("Rosa Mãe") button');
	await page.click('#confirm [data-yes]');
	await page.waitForSelector('#family li:has-text("Rosa Mãe")', { state: 'detached' });
	await go(`/patients/${id}`);
	assert.match(await page.textContent('main'), /sem responsável/);
});

test('a patient is found by name without accents, CPF, end of the phone and day of birth', async () => {
	assert.deepEqual(await find(name.toLowerCase().replace('joaquina', 'JOAQUÍNA')), [name, `${name} Irmã`]);
	assert.ok((await find(phone.slice(-9))).includes(name));
	assert.ok((await find('09/03/2018')).includes(name));
	assert.ok((await find('09032018')).includes(name));
	assert.deepEqual(await find('ninguém com este nome'), []);
});

test('the list is filtered, walked by keyboard, and paged both ways', async () => {
	await go('/patients?tag=' + tag);
	assert.deepEqual(await page.locator('[data-rows] a[data-row]').allTextContents(), [name]);
	await page.click('.chip:has-text("' + tag + '")');
	await page.waitForURL(/tag=&/);
	await page.focus('form[role=search] [name=q]');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	const second = await page.locator('[data-rows] a[data-row]').nth(1).getAttribute('href');
	assert.equal(await page.evaluate(() => document.activeElement.getAttribute('href')), second);
	await page.keyboard.press('Enter');
	await page.waitForURL(base + second);
	await go('/patients');
	const first = await page.locator('[data-rows] a[data-row]').first().textContent();
	await page.click('[aria-label="Próxima página"]');
	await page.waitForURL(/after=\d/);
	assert.notEqual(await page.locator('[data-rows] a[data-row]').first().textContent(), first);
	await page.click('[aria-label="Página anterior"]');
	await page.waitForURL(/before=\d/);
	assert.equal(await page.locator('[data-rows] a[data-row]').first().textContent(), first);
});

test('the palette finds the patient too', async () => {
	await page.keyboard.press('Control+k');
	await page.keyboard.type(name.slice(0, 14));
	await page.waitForSelector(`#palette-list :text("${name}")`);
	await page.keyboard.press('Escape');
});

test('the palette has patients before leads', async () => {
	await page.keyboard.press('Control+k');
	await page.keyboard.type('ana');
	await page.waitForSelector('#palette-list .palette-group:has-text("Lead")');
	const groups = await page.locator('#palette-list .palette-group').allTextContents();
	assert.deepEqual(groups.filter((group) => ['Paciente', 'Lead'].includes(group)), ['Paciente', 'Lead']);
	await page.keyboard.press('Escape');
});

test('two records become one, and two again', async () => {
	await go(`/patients/${id}/merge`);
	assert.deepEqual(await check(page), []);
	await page.click(`label:has-text("${name} Irmã")`);
	await save('Comparar');
	await save('Unir cadastros');
	assert.equal(idOf(page.url()), id);
	assert.deepEqual(await find(name), [name]);
	await go(`/patients/${id}`);
	await page.click('main button:text-is("Desfazer")');
	await Promise.all([page.waitForNavigation(), page.click('#confirm [data-yes]')]);
	assert.deepEqual(await find(name), [name, `${name} Irmã`]);
});

test('wrong, endless and hostile input is answered in place, and other clinics stay out of reach', async () => {
	await go('/patients/new');
	await page.fill('#f-name', '<img src=x onerror=alert(1)> "aspas" & \'plicas\'');
	await page.evaluate(() => {
		const notes = document.querySelector('#f-notes');
		notes.value = 'linha colada de outra planilha;com;campos\n'.repeat(10_000);
		notes.dispatchEvent(new Event('input', { bubbles: true }));
	});
	await page.click('button:text-is("Cadastrar paciente")');
	assert.match(await page.locator('#f-notes-bad').textContent(), /420\.000 letras; cabem 4\.000/);
	await page.evaluate(() => (document.querySelector('#f-notes').value = 'ok'));
	await save('Cadastrar paciente');
	assert.ok((await page.textContent('h2')).includes('<img src=x onerror=alert(1)>'));
	assert.deepEqual(await cspProblems(page), []);
	assert.equal((await api(`/patients/${id}`, { name: 'x'.repeat(500), version: '1' })).status, 422);
	assert.equal((await api(`/patients/${id}`, { name: 'Velho', version: '1' })).status, 409);
	for (const path of ['', '/edit', '/finance', '/merge', '/events', '/photo'])
		assert.equal((await go(`/patients/999999999${path}`)).status(), 404, path);
	await go('/patients');
	for (const path of ['', '/cards', '/family', '/merge', '/photo/remove'])
		assert.equal((await api(`/patients/999999999${path}`, { name: 'X', insurer: 'X', kind: 'mother', from: String(id) })).status, 404, path);
	assert.equal((await go('/patients?birth_month=99&after=abc')).status(), 200);
	assert.equal((await go('/patients?q=%25%27%3B--')).status(), 200);
});

test('a picture becomes the photo, and anything else is refused', async () => {
	const png = Buffer.from(
		'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM4MKEBK2IYWhIAY2t0AY/n4bgAAAAASUVORK5CYII=',
		'base64',
	);
	await go(`/patients/${id}/edit`);
	await page.setInputFiles('#photo-file', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('não é imagem') });
	await until(async () => /imagem|tipo|aceit/i.test(await page.locator('.upload-list').textContent()), 'the refusal');
	await page.setInputFiles('#photo-file', { name: 'a.png', mimeType: 'image/png', buffer: png });
	await until(() => page.locator(`img.avatar[src*="/patients/${id}/photo"]`).count(), 'the photo');
	await page.click('button:text-is("Retirar foto")');
	await Promise.all([page.waitForNavigation(), page.click('#confirm [data-yes]')]);
	assert.equal(await page.locator(`img.avatar[src*="/patients/${id}/photo"]`).count(), 0);
});

test('on a phone and in the dark all of it fits', async () => {
	const small = await open(b, `${base}/login`, { phone: true, dark: true });
	await login(small, 'recepcao@ianara.test', password);
	for (const path of ['/patients', `/patients/${id}`, `/patients/${id}/edit`]) {
		await small.goto(base + path, { waitUntil: 'load' });
		assert.deepEqual(await check(small), [], path);
	}
	await close(small);
});

test('the best of the demonstration, for the manual', async () => {
	assert.equal((await find('sonia regina barreto'))[0], 'Sônia Regina Barreto');
	await picture('pacientes');
	await page.click('[data-rows] a[data-row]');
	await page.waitForURL(/patients\/\d+$/);
	await picture('paciente');
});
