// Images: sent, refused, prepared by the worker, looked at, measured, compared, mounted, voided.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { browser, check, close, login, open, shot, until } from './lib.mjs';

const url = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
// MANUAL=1 renews the manual's pictures.
const picture = (of, title) =>
	process.env.MANUAL ? of.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname }) : shot(of, title);
let b, page, chart, cookies;

// ---- pictures made here ----

function chunk(name, bytes) {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(bytes.length);
	head.write(name, 4, 'latin1');
	const sum = Buffer.alloc(4);
	sum.writeUInt32BE(crc(Buffer.concat([head.subarray(4), bytes])));
	return Buffer.concat([head, bytes, sum]);
}
const table = Array.from({ length: 256 }, (_, n) => {
	for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
	return n >>> 0;
});
const crc = (bytes) => (bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;

// A grey PNG that looks a little like the film of a tooth.
function film(seed, width = 300, height = 400) {
	const rows = Buffer.alloc((width + 1) * height);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const root = Math.abs(x - width / 2 + Math.sin(y / 40 + seed) * 14) < 46 + (y < 150 ? 30 : 0);
			const canal = Math.abs(x - width / 2 + Math.sin(y / 40 + seed) * 14) < 7 && y > 90;
			rows[y * (width + 1) + x + 1] = canal ? 70 : root ? 205 - ((x * 7 + y * 3 + seed * 11) % 25) : 50 + ((x + y * seed) % 30);
		}
	return png(width, height, zlib.deflateSync(rows));
}
function png(width, height, data) {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width);
	head.writeUInt32BE(height, 4);
	head[8] = 8;
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

// A photograph as a phone takes it: a JPEG of the browser's own, with an EXIF segment that names a place.
async function photo() {
	const plain = Buffer.from(
		await page.evaluate(async () => {
			const canvas = new OffscreenCanvas(640, 480);
			const pen = canvas.getContext('2d');
			pen.fillStyle = '#c98';
			pen.fillRect(0, 0, 640, 480);
			pen.fillStyle = '#fff';
			for (let i = 0; i < 6; i++) pen.fillRect(60 + i * 88, 160, 76, 130);
			return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer())];
		}),
	);
	const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0 lat 23.5505 S', 'latin1');
	const size = Buffer.alloc(2);
	size.writeUInt16BE(exif.length + 2);
	return Buffer.concat([plain.subarray(0, 2), Buffer.from([0xff, 0xe1]), size, exif, plain.subarray(2)]);
}

const file = (name, mimeType, buffer) => ({ name, mimeType, buffer });

async function send(category, files) {
	await page.goto(`${chart}/images`);
	await page.selectOption('[data-images] [name=category]', category);
	await page.setInputFiles('#images', files);
}

const ready = (count) =>
	until(async () => (await page.locator('#gallery img').count()) >= count, `${count} images made by the worker`, 20_000);

const bytesOf = (address) =>
	page.evaluate(async (path) => {
		const answer = await fetch(path);
		return [answer.status, [...new Uint8Array(await answer.arrayBuffer())]];
	}, address);

before(async () => {
	b = await browser();
	page = await open(b, `${url}/login`);
	await login(page, 'dentista@ianara.test', password);
	await page.goto(`${url}/patients?q=${encodeURIComponent('Antônio Carlos')}`);
	const links = await page.locator('a[href^="/patients/"]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
	chart = url + links.find((href) => /^\/patients\/\d+$/.test(href));
	({ cookies } = await page.context().storageState());
});
after(() => b.close());

test('what is no image, and what would burst, is refused with a sentence', async () => {
	await page.goto(`${chart}/images`);
	assert.deepEqual(await check(page), []);
	await send('periapical', [
		file('texto.png', 'image/png', Buffer.from('isto não é uma imagem')),
		file('cem-megapixels.png', 'image/png', png(10000, 10000, zlib.deflateSync(Buffer.alloc(64)))),
		file('bomba.png', 'image/png', png(60000, 60000, Buffer.alloc(8))),
	]);
	await until(async () => (await page.locator('.upload-item.is-bad').count()) === 3, 'three refusals');
	const said = await page.locator('.upload-item.is-bad').allTextContents();
	assert.match(said[0], /não é aceito aqui/);
	assert.match(said[1], /megapixels/);
	assert.match(said[2], /megapixels/);
	page.problems.length = 0;
});

test('many at once are sent and prepared by the worker, though the session ends among them', async () => {
	let puts = 0;
	await page.route(/\/images/, async (route) => {
		if (route.request().method() === 'PUT' && ++puts === 2) await page.context().clearCookies({ name: /^siso_(access|refresh)$/ });
		await route.continue();
	});
	await send('periapical', [1, 2, 3].map((n) => file(`rx-${n}.png`, 'image/png', film(n))));
	await page.locator('#sign-in input[type=password]').fill(password);
	await page.locator('#sign-in button[type=submit]').click();
	await ready(3);
	assert.equal(puts, 4, 'one was sent again');
	await page.unroute(/\/images/);
	({ cookies } = await page.context().storageState());
	await send('intraoral', [file('foto.jpg', 'image/jpeg', await photo())]);
	await ready(4);
	assert.deepEqual(await check(page), []);
	await picture(page, 'imagens-galeria');
	await page.click('a:has-text("Periapical"):has-text("3")');
	await until(async () => (await page.locator('#gallery img').count()) === 3, 'the filter');
	await page.goto(`${chart}`);
	assert.ok(await page.locator('nav a:has-text("Imagens")').count());
});

test('what is shown or downloaded tells nothing of the place; the original does', async () => {
	await page.goto(`${chart}/images?category=intraoral`);
	const link = await page.locator('#gallery a').first().getAttribute('href');
	for (const [path, tells] of [
		['view', false],
		['thumb', false],
		['download', false],
		['original', true],
	]) {
		const [status, bytes] = await bytesOf(`${link}/${path}`);
		assert.equal(status, 200, path);
		assert.ok(bytes.length > 500, path);
		assert.equal(Buffer.from(bytes).includes('lat 23.5505'), tells, path);
	}
});

test('a photo of the patient that a program sends loses the place too, and what would burst is refused', async () => {
	const put = (bytes, type) =>
		page.evaluate(
			async ([where, list, mime]) => (await fetch(where, { method: 'PUT', headers: { 'content-type': mime }, body: new Uint8Array(list), redirect: 'manual' })).status,
			[`${chart}/photo`, [...bytes], type],
		);
	await page.goto(`${chart}/images`);
	assert.equal(await put(png(10000, 10000, zlib.deflateSync(Buffer.alloc(64))), 'image/png'), 413);
	assert.equal(await put((await photo()).subarray(0, 900), 'image/jpeg'), 422);
	assert.equal(await put(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml'), 422);
	page.problems.length = 0;
	const sent = await photo();
	assert.ok(sent.includes('lat 23.5505'));
	assert.equal(await put(sent, 'image/jpeg'), 0); // sent back to the page
	const [status, bytes] = await bytesOf(`${chart}/photo`);
	assert.equal(status, 200);
	assert.ok(bytes.length > 500);
	assert.ok(!Buffer.from(bytes).includes('lat 23.5505') && !Buffer.from(bytes).includes('Exif'));
});

test('the viewer zooms, turns, measures, and after a calibration says millimetres', async () => {
	await page.goto(`${chart}/images?category=periapical`);
	await page.click('#gallery a >> nth=0');
	await page.waitForSelector('[data-shown]');
	assert.deepEqual(await check(page), []);
	await page.click('[data-tool=zoom-in]');
	assert.equal(await page.locator('[data-zoom]').first().getAttribute('data-zoom'), '1.25');
	for (const key of ['+', 'r', 'i', 'f', 'ArrowLeft']) await page.keyboard.press(key);
	assert.equal(await page.locator('[data-tool=invert]').getAttribute('aria-pressed'), 'true');
	await page.keyboard.press('1');
	assert.equal(await page.locator('[data-zoom]').first().getAttribute('data-zoom'), '1.00');
	const { x, y, width, height } = await page.locator('[data-shown]').boundingBox();
	const drag = async () => {
		await page.mouse.move(x + width / 2 - 60, y + height / 2);
		await page.mouse.down();
		await page.mouse.move(x + width / 2 + 60, y + height / 2, { steps: 4 });
		await page.mouse.up();
	};
	await page.keyboard.press('m');
	await drag();
	assert.match(await page.locator('[data-said]').textContent(), /^Medida: \d+ px$/);
	await page.keyboard.press('c');
	await drag();
	await page.fill('dialog [name=mm]', '10');
	await page.click('dialog button:has-text("Calibrar")');
	await until(async () => /10,0 mm/.test(await page.locator('[data-said]').textContent()), 'the calibration');
	await page.reload();
	await page.waitForSelector('[data-shown]');
	await page.keyboard.press('m');
	await drag();
	assert.match(await page.locator('[data-said]').textContent(), /^Medida: 10,0 mm$/);
	await picture(page, 'imagens-visualizador');
	assert.deepEqual(await check(page), []);
});

test('two stand side by side and move together until they are let go', async () => {
	await page.click('aside a[href*="with="] >> nth=0');
	await until(async () => (await page.locator('[data-shown]').count()) === 2, 'two panes');
	const zooms = () => page.locator('[data-zoom]').evaluateAll((panes) => panes.map((pane) => pane.dataset.zoom));
	await page.click('[data-tool=zoom-in]');
	assert.deepEqual(await zooms(), ['1.25', '1.25']);
	await page.click('[data-tool=sync]');
	await page.click('[data-tool=zoom-in]');
	assert.equal(new Set(await zooms()).size, 2);
	assert.deepEqual(await check(page), []);
	await shot(page, 'images-compare');
});

test('on a phone gallery and viewer fit', async () => {
	const phone = await open(b, null, { phone: true, dark: true });
	await phone.context().addCookies(cookies);
	await phone.goto(`${chart}/images`);
	assert.deepEqual(await check(phone), []);
	assert.ok(await phone.locator('label:has-text("Tirar foto")').isVisible());
	await shot(phone, 'images-gallery-phone');
	await phone.locator('#gallery a').last().click();
	await phone.waitForSelector('[data-shown]');
	assert.deepEqual(await check(phone), []);
	await shot(phone, 'images-viewer-phone');
	await close(phone);
});

test('radiographs are laid into a series, which stays as it was left', async () => {
	await page.goto(`${chart}/images`);
	await Promise.all([page.waitForNavigation(), page.click('button:has-text("Nova série")')]);
	await page.click('[data-loose] [data-image] >> nth=0');
	await page.click('[data-slot="4"]');
	await page.waitForSelector('[data-slot="4"] img');
	await page.dragAndDrop('[data-loose] [data-image] >> nth=0', '[data-slot="15"]');
	await page.waitForSelector('[data-slot="15"] img');
	assert.deepEqual(await check(page), []);
	await page.reload();
	assert.equal(await page.locator('[data-slot] img').count(), 2);
	await picture(page, 'imagens-serie');
	await page.focus('[data-slot="4"]');
	await page.keyboard.press('Delete');
	await until(async () => (await page.locator('[data-loose] [data-image]').count()) === 2, 'the image back among the loose');
});

test('an image is described, found by its tooth and visit, and voided with a reason', async () => {
	await page.evaluate(
		async (id) => fetch('/visits', { method: 'POST', redirect: 'manual', body: new URLSearchParams({ csrf: document.querySelector('input[name=csrf]').value, patient_id: id }) }),
		/patients\/(\d+)/.exec(chart)[1],
	);
	await page.goto(`${chart}/images?category=periapical`);
	await page.click('#gallery a >> nth=0');
	await page.fill('[name=teeth]', '19');
	await page.click('aside button:has-text("Salvar")');
	await page.waitForSelector('text=Escreva os dentes pelo número');
	await page.fill('[name=teeth]', '16, 17');
	await page.fill('[name=note]', 'Controle de seis meses');
	const visit = await page.locator('[name=visit_id] option').nth(1).getAttribute('value');
	await page.selectOption('[name=visit_id]', visit);
	await page.click('aside button:has-text("Salvar")');
	await page.waitForSelector('text=Imagem salva');
	await page.goto(`${chart}/images?visit=${visit}`);
	assert.equal(await page.locator('#gallery a').count(), 1);
	assert.equal(await page.locator('[name=visit]').inputValue(), visit, 'what is sent from here belongs to it too');
	await page.goto(`${chart}/images?tooth=17`);
	assert.equal(await page.locator('#gallery a').count(), 1);
	await page.click('#gallery a');
	await page.click('aside button:has-text("Anular")');
	await page.fill('dialog[open] [name=reason]', 'Repetida');
	await page.click('dialog[open] button:has-text("Anular imagem")');
	await page.waitForURL(/\/images$/);
	await page.click('a:has-text("Anuladas")');
	await page.waitForSelector('text=Anulada: Repetida');
});

test('who may not see the chart, and another clinic, see no image', async () => {
	const [, id] = /patients\/(\d+)/.exec(chart);
	const path = new URL(await page.locator('#gallery a').first().evaluate((a) => a.href)).pathname;
	const reception = await open(b, `${url}/login`);
	await login(reception, 'recepcao@ianara.test', password);
	assert.equal((await reception.goto(`${url}/patients/${id}/images`)).status(), 403);
	assert.equal((await reception.goto(`${url}${path}/view`)).status(), 403);
	await close(reception);
	const there = url.replace('ianara', 'aurora');
	const stranger = await open(b, `${there}/login`);
	await login(stranger, 'dona@aurora.test', password);
	assert.equal((await stranger.goto(`${there}${path}/view`)).status(), 404);
	await close(stranger);
});
