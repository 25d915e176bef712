// The funnel in numbers: periods, what stands behind each figure, spreadsheets, who may look.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, check, close, login, open, shot } from './lib.mjs';

const url = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
const stamp = String(Date.now()).slice(-8);
let b, page;

// "1.234" -> 1234
const number = (text) => Number(/[\d.]+/.exec(text)[0].replaceAll('.', ''));
const stat = (label) => page.locator('.stat').filter({ has: page.locator(`.stat-label:has-text("${label}")`) });
const card = (title) => page.locator('section.card').filter({ has: page.locator(`h2:text-is("${title}")`) });

// The page is there at once, its figures a moment later.
async function figures(on, query = '') {
	await on.goto(`${url}/reports/crm${query}`);
	await on.waitForSelector('#figures:not([aria-busy])');
}

// How many leads the list that is open now says it has.
async function listed() {
	const pager = page.locator('.pager p');
	if (!(await pager.count())) return 0;
	const text = await pager.first().textContent();
	return number(/de ([\d.]+)/.exec(text)?.[1] ?? text);
}

async function addLead(name, phone) {
	await page.goto(`${url}/leads/new`);
	await page.fill('#f-name', name);
	await page.fill('#f-phone', phone);
	await page.locator('form:has(#f-name) button[type=submit]').last().click();
	await page.waitForURL(/leads\/\d+|funnel/);
	await page.goto(`${url}/funnel?q=${encodeURIComponent(name)}`);
	return page.locator('.board-card').first().getAttribute('data-id');
}

const move = (id, stage) =>
	page.evaluate(
		([lead, to]) =>
			fetch(`/leads/${lead}/stage`, {
				method: 'PATCH',
				headers: { 'HX-Request': 'true' },
				body: new URLSearchParams({ stage: to, before: '' }),
			}).then((answer) => answer.status),
		[id, stage],
	);

before(async () => {
	b = await browser();
	page = await open(b, `${url}/login`);
	await login(page, 'gerente@ianara.test', password);
});
after(() => b.close());

test('the page is right in both themes, on desk and phone', async () => {
	for (const phone of [false, true])
		for (const dark of [false, true]) {
			const other = await open(b, `${url}/login`, { phone, dark });
			await login(other, 'gerente@ianara.test', password);
			for (const query of ['', '?period=year', '?period=custom&from=2020-01-01&to=2020-01-31', '?whole=1']) {
				await figures(other, query);
				assert.deepEqual(await check(other), [], query);
			}
			await figures(other, '?period=days90');
			await shot(other, `figures-${phone ? 'm' : 'd'}-${dark ? 'dark' : 'light'}`, { full: true });
			await close(other);
		}
});

test('a lead that goes through the funnel moves the figures', async () => {
	await figures(page);
	const before = { leads: number(await stat('Novos leads').locator('.stat-value').textContent()), won: number(await stat('Ganhos').locator('.stat-value').textContent()) };
	const id = await addLead(`Figura ${stamp}`, `119${stamp}`);
	const stage = (name) => page.locator(`section[aria-label="${name}"]`).getAttribute('data-stage');
	const [talk, won] = [await stage('Em conversa'), await stage('Fechado')];
	assert.equal(await move(id, talk), 200);
	assert.equal(await move(id, won), 200);
	await figures(page);
	assert.equal(number(await stat('Novos leads').locator('.stat-value').textContent()), before.leads + 1);
	assert.equal(number(await stat('Ganhos').locator('.stat-value').textContent()), before.won + 1);
	await card('Conversão por etapa').locator('a:has-text("Em conversa")').click();
	await page.waitForURL(/reached_id=/);
	assert.match(await page.textContent('main'), new RegExp(`Figura ${stamp}`));
});

test('each figure leads to as many leads as it says', async () => {
	for (const label of ['Novos leads', 'Ganhos', 'Perdidos', 'Viraram pacientes']) {
		await figures(page, '?period=days90');
		const said = number(await stat(label).locator('.stat-value').textContent());
		await stat(label).locator('a').click();
		await page.waitForURL(/\/leads\?/);
		assert.equal(await listed(), said, label);
	}
	await figures(page, '?period=days90');
	for (const title of ['Conversão por etapa', 'Motivos de perda']) {
		const rows = await card(title).locator('li').count();
		for (let i = 0; i < rows; i++) {
			await figures(page, '?period=days90');
			const row = card(title).locator('li').nth(i);
			const said = number(await row.locator('.num.font-semibold').textContent());
			await row.locator('a').click();
			await page.waitForURL(/\/leads\?/);
			assert.equal(await listed(), said, `${title} ${i}`);
		}
	}
	await figures(page, '?period=days90');
	const origins = await card('Origem').locator('tbody tr').count();
	assert.ok(origins > 3);
	for (let i = 0; i < origins; i++) {
		await figures(page, '?period=days90');
		const row = card('Origem').locator('tbody tr').nth(i);
		const said = number(await row.locator('td').nth(1).textContent());
		await row.locator('td.name a').click();
		await page.waitForURL(/\/leads\?/);
		assert.equal(await listed(), said, `origem ${i}`);
	}
});

test('dates are chosen, and those that are no period are refused beside their field', async () => {
	await figures(page);
	await page.click('.chips a:has-text("Escolher datas")');
	await page.fill('#f-from', '2026-03-10');
	await page.fill('#f-to', '2026-03-01');
	await page.click('button:has-text("Ver")');
	assert.match(await page.textContent('#f-to-bad'), /vem antes/);
	assert.equal(await page.inputValue('#f-from'), '2026-03-10');
	assert.deepEqual(await check(page), []);
	await page.fill('#f-to', '2026-03-31');
	await page.click('button:has-text("Ver")');
	assert.match(await page.textContent('main'), /De 10\/03\/2026 a 31\/03\/2026, comparado com 16\/02\/2026 a 09\/03\/2026/);
	for (const odd of ['period=nunca', 'period=custom&from=abc', "period=custom&from=2026-01-01&to=2026-01-02'--", 'pipeline_id=999999'])
		assert.ok([200, 422].includes((await page.goto(`${url}/reports/crm?${odd}`)).status()), odd);
});

test('a period without leads says so instead of showing zeros', async () => {
	await figures(page, '?period=custom&from=2020-01-01&to=2020-01-31');
	const text = await page.textContent('main');
	assert.match(text, /Ninguém entrou em uma etapa neste período/);
	assert.match(text, /Nada foi encerrado neste período/);
	assert.match(text, /Nenhum lead novo neste período/);
	assert.equal(await stat('Conversão').locator('.stat-value').textContent(), '–');
});

test('each table is a spreadsheet', async () => {
	for (const table of ['etapas', 'origens', 'campanhas', 'responsaveis', 'encerrados', 'motivos', 'previsao']) {
		const answer = await page.evaluate(
			async (path) => {
				const got = await fetch(path);
				const bytes = new Uint8Array(await got.arrayBuffer());
				return {
					status: got.status,
					type: got.headers.get('content-type'),
					name: got.headers.get('content-disposition'),
					text: new TextDecoder('utf-8').decode(bytes),
				};
			},
			`/reports/crm/${table}?period=year`,
		);
		assert.equal(answer.status, 200, table);
		assert.match(answer.type, /text\/csv/);
		assert.match(answer.name, new RegExp(`attachment; filename="funil-${table}-\\d{4}-01-01-a-.*\\.csv"`));
		const [head, ...rows] = answer.text.replace(/^\uFEFF/, '').trim().split(/\r?\n/);
		assert.ok(head.split(';').length >= 4, `${table}: ${head}`);
		assert.ok(rows.length >= 1, table);
	}
	assert.equal(await page.evaluate(() => fetch('/reports/crm/segredos').then((got) => got.status)), 404);
});

test('without scripts the figures are one link away', async () => {
	const answer = await page.evaluate(async () => {
		const [frame, whole] = await Promise.all(['', '?whole=1'].map((query) => fetch(`/reports/crm${query}`).then((got) => got.text())));
		return { link: /<noscript><a [^>]*href="([^"]+)"/.exec(frame)?.[1], frame: frame.includes('Novos leads'), whole: whole.includes('Novos leads') };
	});
	assert.deepEqual(answer, { link: '/reports/crm?period=month&amp;whole=1', frame: false, whole: true });
});

test('only those who may see the figures see them', async () => {
	const other = await open(b, `${url}/login`);
	await login(other, 'recepcao@ianara.test', password);
	assert.equal((await other.goto(`${url}/reports/crm`)).status(), 403);
	assert.equal((await other.goto(`${url}/reports/crm/etapas`)).status(), 403);
	await other.goto(`${url}/funnel`);
	assert.equal(await other.locator('a[href="/reports/crm"]').count(), 0);
	await close(other);
});
