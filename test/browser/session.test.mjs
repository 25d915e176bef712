// A session that ends while somebody types, by a night or from another computer: the same person signs in
// over the page, what waited is sent, and nothing that was typed is lost. Nor is it when the page is left.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browser, check, close, login, open, setTheme, shot, until } from './lib.mjs';

const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
const email = 'recepcao@ianara.test';
const password = 'sorriso-aberto-2026';
const name = `Sessão ${Date.now().toString(36).replace(/\d/g, (d) => 'abcdefghij'[d])}`;
const phone = `119${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
let b, page;

before(async () => {
	b = await browser();
	page = await open(b, `${base}/login`);
	await login(page, email, password);
});
after(() => b.close());

// As after a revocation the server lets the cookies go; or the night did it.
const end = () => page.context().clearCookies({ name: /^siso_(access|refresh)$/ });
const dialog = () => page.locator('#sign-in');
const signIn = async (secret = password) => {
	await dialog().locator('input[type=password]').fill(secret);
	await dialog().locator('button[type=submit]').click();
};

test('a form is sent after its session was ended from another computer', async () => {
	await page.goto(`${base}/leads/new`);
	await page.fill('[name=name]', name);
	await page.fill('[name=phone]', phone);
	const other = await open(b, `${base}/login`);
	await login(other, email, password);
	await other.goto(`${base}/settings/account`);
	await other.click('text=Encerrar todas as outras');
	await Promise.all([other.waitForNavigation(), other.click('#confirm [data-yes]')]);
	await close(other);
	await page.click('#lead-form button[type=submit]');
	await dialog().waitFor();
	assert.equal(await page.inputValue('[name=name]'), name);
	assert.equal(await dialog().locator('[name=email]').inputValue(), email);
	assert.deepEqual(await check(page), []);
	await shot(page, 'session-dialog');
	await signIn('errada');
	await dialog().locator('[role=alert]', { hasText: 'não conferem' }).waitFor();
	await signIn();
	await page.waitForURL((url) => url.pathname !== '/leads/new');
	await page.locator('.board-card, main', { hasText: name }).first().waitFor();
});

test('what htmx sends waits for the sign-in', async () => {
	await page.goto(`${base}/patients`);
	const patient = await page.locator('main a[href^="/patients/"]', { hasText: 'Helena' }).first().getAttribute('href');
	await page.goto(`${base}${patient}/edit`);
	await page.locator('#cards summary').click();
	await page.fill('#cards [name=insurer]', 'Convênio da Noite');
	await end();
	await page.click('#cards form.fields button[type=submit]');
	await signIn();
	await page.locator('#cards li', { hasText: 'Convênio da Noite' }).waitFor();
});

test('a card that was carried stays where it was put', async () => {
	await page.goto(`${base}/funnel`, { waitUntil: 'networkidle' });
	const column = page.locator('.board-col', { has: page.locator('h2', { hasText: 'Em conversa' }) });
	const from = await page.locator('.board-card', { hasText: name }).boundingBox();
	const to = await column.locator('.board-list').boundingBox();
	await end();
	await page.mouse.move(from.x + 40, from.y + 50);
	await page.mouse.down();
	await page.mouse.move(from.x + 60, from.y + 60, { steps: 6 });
	await page.locator('.is-carried').waitFor();
	await page.mouse.move(to.x + 60, to.y + 60, { steps: 20 });
	const saved = page.waitForResponse((r) => r.request().method() === 'PATCH' && r.status() === 200);
	await page.mouse.up();
	await signIn();
	await saved;
	await page.reload();
	await column.locator('.board-card', { hasText: name }).waitFor();
});

test('who does not sign in keeps what was typed, and may do so in another tab', async () => {
	await page.goto(`${base}/leads/new`);
	await page.fill('[name=name]', `${name} Neto`);
	await page.fill('[name=phone]', phone.replace(/^11/, '21'));
	await end();
	await page.click('#lead-form button[type=submit]');
	await dialog().waitFor();
	await page.keyboard.press('Escape');
	await dialog().waitFor({ state: 'detached' });
	await page.locator('.toast', { hasText: 'Sua sessão terminou' }).first().waitFor();
	assert.equal(await page.inputValue('[name=name]'), `${name} Neto`);
	const tab = await page.context().newPage();
	await tab.goto(`${base}/login`);
	await login(tab, email, password);
	await tab.close();
	await page.click('#lead-form button[type=submit]');
	await page.waitForURL((url) => url.pathname !== '/leads/new');
	await until(async () => (await page.locator('main', { hasText: `${name} Neto` }).count()) > 0, 'the lead');
});

test('who leaves a page is asked about what was typed, and only while it is neither sent nor kept as a draft', async () => {
	await page.goto(`${base}/patients`);
	const patient = await page.locator('main a[href^="/patients/"]', { hasText: 'Helena' }).first().getAttribute('href');
	const p = await page.context().newPage();
	let asked = 0;
	p.on('dialog', (box) => {
		asked++;
		box.dismiss();
	});
	// Reload: was the question asked, which keeps the page?
	const leave = async () => {
		const before = asked;
		await p.evaluate(() => {
			window.here = true;
			location.reload();
		});
		const anew = () => p.evaluate(() => window.here !== true && document.readyState === 'complete').catch(() => false);
		await until(async () => asked > before || (await anew()), 'the question, or the page anew');
		return asked > before;
	};

	await p.goto(`${base}${patient}/edit`);
	await p.locator('#cards summary').click();
	assert.equal(await leave(), false, 'nothing was typed');
	await p.locator('#cards summary').click();
	await p.locator('#cards [name=insurer]').pressSequentially('Convênio do Dia');
	assert.equal(await leave(), true, 'typed');
	assert.equal(await p.inputValue('#cards [name=insurer]'), 'Convênio do Dia');
	assert.equal(await p.locator('html.is-loading').count(), 0);
	await p.click('#cards form.fields button[type=submit]');
	await p.locator('#cards li', { hasText: 'Convênio do Dia' }).waitFor();
	assert.equal(await leave(), false, 'sent by htmx');

	await p.goto(`${base}/leads/new`);
	await p.locator('[name=name]').pressSequentially('Rascunho');
	await p.waitForTimeout(500);
	assert.equal(await leave(), false, 'kept as a draft');
	assert.equal(await p.inputValue('[name=name]'), 'Rascunho');

	await p.goto(`${base}/tasks/new`);
	await p.locator('[name=title]').pressSequentially('Ligar');
	await p.locator('#task-form button[type=submit]').click();
	await p.waitForURL((url) => url.pathname !== '/tasks/new');
	assert.equal(asked, 1, 'sent by the form itself');
	await p.close();
});

test('the dialog on a phone, in the dark', async () => {
	const p = await open(b, `${base}/login`, { phone: true });
	await login(p, email, password);
	await setTheme(p, true);
	await p.goto(`${base}/leads/new`);
	await p.context().clearCookies({ name: /^siso_(access|refresh)$/ });
	await p.fill('[name=name]', name);
	await p.fill('[name=phone]', phone);
	await p.click('#lead-form button[type=submit]');
	await p.locator('#sign-in').waitFor();
	assert.deepEqual(await check(p), []);
	await shot(p, 'session-dialog-phone');
	await close(p);
});

// ---- the clinic's own provider ----

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../src/modules/account/test/oidc');

// A provider on this machine, which the clinic uses from now on; resolves to its address.
async function useProvider() {
	const provider = spawn('node', ['provider.mjs', '', `${base}/login/oidc/callback`], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
	after(() => provider.stdin.end());
	const [line] = await once(provider.stdout, 'data');
	const issuer = `http://127.0.0.1:${/READY (\d+)/.exec(line)[1]}`;
	const owner = await open(b, `${base}/login`);
	await login(owner, 'dona@ianara.test', password);
	await owner.goto(`${base}/settings/oidc`);
	for (const [name, value] of Object.entries({ title: 'Clínica ID', issuer, client_id: 'siso-public' })) await owner.fill(`#oidc-form [name=${name}]`, value);
	await owner.check('#oidc-form [name=active]');
	await owner.click('#oidc-form button[type=submit]');
	await owner.locator('.toast', { hasText: 'salvo' }).waitFor();
	await close(owner);
	return issuer;
}

test('the clinic’s own provider signs in beside the page, and only who began it goes on', { skip: !existsSync(path.join(folder, 'node_modules')) }, async () => {
	const issuer = await useProvider();
	const p = await open(b, `${base}/login`);
	await login(p, email, password);
	await p.goto(`${base}/leads/new`);
	await p.fill('[name=name]', `${name} Terceiro`);
	await p.fill('[name=phone]', phone.replace(/^11/, '41'));
	await p.context().clearCookies({ name: /^siso_(access|refresh)$/ });
	await p.click('#lead-form button[type=submit]');
	const box = p.locator('#sign-in');
	const go = async (who) => {
		await fetch(`${issuer}/as?sub=${who}&email=${who}&verified=1`);
		await p.context().clearCookies({ domain: '127.0.0.1' }); // the provider's own session
		const [tab] = await Promise.all([p.context().waitForEvent('page'), box.getByRole('link', { name: 'Entrar com Clínica ID' }).click()]);
		await tab.locator('h1', { hasText: 'Você entrou' }).waitFor();
		return tab;
	};
	const back = async (tab) => {
		await tab.close();
		await p.evaluate(() => dispatchEvent(new Event('focus')));
	};

	await box.waitFor();
	await shot(p, 'session-dialog-oidc');
	assert.deepEqual(await check(p), []);
	await back(await go('gerente@ianara.test'));
	await box.locator('header', { hasText: 'foi gerente@ianara.test' }).waitFor();
	await shot(p, 'session-dialog-other');
	assert.equal(await p.inputValue('[name=name]'), `${name} Terceiro`);
	await box.getByRole('button', { name: 'Agora não' }).click();
	await p.click('#lead-form button[type=submit]');
	await p.locator('.toast', { hasText: 'foi gerente@ianara.test' }).first().waitFor();

	await p.context().clearCookies({ name: /^siso_(access|refresh)$/ });
	await p.click('#lead-form button[type=submit]');
	const tab = await go(email);
	await shot(tab, 'session-tab');
	await back(tab);
	await p.waitForURL((url) => url.pathname !== '/leads/new');
	await until(async () => (await p.locator('main', { hasText: `${name} Terceiro` }).count()) > 0, 'the lead');
	await close(p);
});

// RFC 6238 with what every app assumes: SHA-1, 30 s, six digits; the secret is base32.
function code(secret) {
	const bits = [...secret.replace(/[^A-Z2-7]/g, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'));
	const key = Buffer.from(bits.join('').match(/.{8}/g).map((byte) => parseInt(byte, 2)));
	const counter = Buffer.alloc(8);
	counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
	const mac = createHmac('sha1', key).update(counter).digest();
	return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

test('the second factor is asked for in the dialog too', async () => {
	await page.goto(`${base}/settings/account/totp`);
	await page.fill('#factor-on [name=code]', code(await page.textContent('main code')));
	await page.fill('#factor-on [name=current]', password);
	await Promise.all([page.waitForNavigation(), page.click('#factor-on button[type=submit]')]);
	const recovery = await page.locator('#recovery-codes li').first().textContent();
	await page.goto(`${base}/leads/new`);
	await page.fill('[name=name]', `${name} Segundo`);
	await page.fill('[name=phone]', phone.replace(/^11/, '31'));
	await end();
	await page.click('#lead-form button[type=submit]');
	await signIn();
	await dialog().locator('[name=code]').fill('nada');
	await dialog().locator('button[type=submit]').click();
	await dialog().locator('[role=alert]').waitFor();
	assert.match(await dialog().locator('header p').textContent(), /código de recuperação/);
	assert.deepEqual(await check(page), []);
	await shot(page, 'session-dialog-code');
	await dialog().locator('[name=code]').fill(recovery);
	await dialog().locator('button[type=submit]').click();
	await page.waitForURL((url) => url.pathname !== '/leads/new');
	await until(async () => (await page.locator('main', { hasText: `${name} Segundo` }).count()) > 0, 'the lead');
});
