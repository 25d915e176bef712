// Everybody of the demonstration walks over all they are offered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, close, login, open } from './lib.mjs';
import { walk } from './walk_lib.mjs';

const base = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
let b;

before(async () => (b = await browser()));
after(() => b.close());

for (const [who, options] of [
	['dona@ianara.test', {}],
	['dentista@ianara.test', { phone: true }],
	['recepcao@ianara.test', { dark: true }],
])
	test(`${who} is offered nothing that is not there or not allowed`, async () => {
		const page = await open(b, `${base}/login`, options);
		await login(page, who, password);
		assert.equal((await walk(page)).join('\n'), '');
		await close(page);
	});
