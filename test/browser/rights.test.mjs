// A role that lacks a permission is not offered what needs it: tried with each of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browser, close, login, open } from './lib.mjs';
import { walk } from './walk_lib.mjs';

const base = process.env.SISO_URL;
const password = 'sorriso-aberto-2026';
let b;

before(async () => (b = await browser()));
after(() => b.close());

test('whatever one permission a role lacks, nothing is offered that needs it', async () => {
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
	for (const perm of perms) {
		await set(perms, true);
		await set([perm], false);
		for (const problem of await walk(page, { most: 8, opens: false })) bad.push(`without ${perm}: ${problem}`);
	}
	assert.equal(bad.join('\n'), '');
	await close(page);
	await close(owner);
});
