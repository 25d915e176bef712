// A role that lacks permissions is not offered what needs them: each is lacking once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, close, login, open } from './lib.mjs';
import { walk } from './walk_lib.mjs';

const base = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
let b;

before(async () => (b = await browser()));
after(() => b.close());

const ROUNDS = 10; // four at a time, of different modules: one by one takes four times as long

test('whatever a role lacks, nothing is offered that needs it', async () => {
	const owner = await open(b, `${base}/login`);
	await login(owner, 'dona@ianara.test', password);
	await owner.goto(`${base}/settings/roles`);
	const set = (perms, held) =>
		owner.evaluate(async ([names, on]) => {
			for (const perm of names) {
				const body = new URLSearchParams({ role: 'manager', perm, held: on ? '1' : '' });
				const got = await fetch('/settings/roles/set', { method: 'POST', headers: { 'HX-Request': 'true' }, body });
				if (!got.ok) throw new Error(`${perm}: ${got.status}`);
			}
		}, [perms, held]);
	const perms = await owner.evaluate(() => [...new Set([...document.querySelectorAll('.matrix-cell [name=perm]')].map((field) => field.value))]);
	assert.ok(perms.length > 30);
	const page = await open(b, `${base}/login`);
	await login(page, 'gerente@ianara.test', password);
	const bad = [];
	for (let i = 0; i < ROUNDS; i++) {
		const lacks = perms.filter((perm, n) => n % ROUNDS === i);
		await set(perms, true);
		await set(lacks, false);
		for (const problem of await walk(page, { most: 8, opens: false })) bad.push(`without ${lacks.join(', ')}: ${problem}`);
	}
	assert.equal(bad.join('\n'), '');
	await close(page);
	await close(owner);
});
