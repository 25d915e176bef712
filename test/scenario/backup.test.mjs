// A copy made while the program runs is restored into an empty database and compared.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const siso = [process.env.SISO_BIN, '../../build/debug/src/siso', '../../build/release/src/siso']
	.filter(Boolean).map((file) => path.resolve(here, file)).find((file) => fs.existsSync(file));
const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
const run = fs.realpathSync(path.join(process.env.SISO_DATA, 'run'));
const bin = path.dirname(fs.globSync ? fs.globSync('/usr/lib/postgresql/*/bin/pg_restore').at(-1) : newest());
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-backup-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function newest() {
	const versions = fs.readdirSync('/usr/lib/postgresql').sort((a, b) => a - b);
	return `/usr/lib/postgresql/${versions.at(-1)}/bin/pg_restore`;
}
const sql = (database, text) =>
	execFileSync(path.join(bin, 'psql'), ['-X', '-At', '-h', run, '-U', 'postgres', '-d', database, '-c', text], { encoding: 'utf8' }).trim();

// Every table of the clinics with its rows, as one text.
const contents = (database) => {
	const tables = sql(database, `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
		where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
		and n.nspname || '.' || c.relname <> 'siso.outbox' order by 1`).split('\n');
	return sql(database, tables.map((t) => `select '${t}', count(*) from ${t}`).join(' union all ') + ' order by 1');
};

test('a backup of the running program can be restored whole, every clinic in it', async () => {
	// what the demonstration gave the worker to do is done
	const busy = "select count(*) from siso.outbox where state in ('queued', 'running') and due <= now() + interval '2 s'";
	for (let calm = 0, end = Date.now() + 60_000; calm < 3 && Date.now() < end; await new Promise((go) => setTimeout(go, 500)))
		calm = sql('siso', busy) === '0' ? calm + 1 : 0;
	const before = contents('siso');
	const made = spawnSync(siso, ['backup', folder], { encoding: 'utf8', env });
	assert.equal(made.status, 0, made.stderr);
	const [name, ...others] = fs.readdirSync(folder);
	assert.deepEqual(others, []);
	assert.match(name, /^siso-\d{4}-\d\d-\d\d-\d{6}$/);
	assert.ok(!fs.existsSync(path.join(folder, name, 'secret')));
	sql('postgres', 'create database restored owner siso_owner template template0');
	execFileSync(path.join(bin, 'pg_restore'), ['--exit-on-error', '-h', run, '-U', 'postgres', '-d', 'restored', path.join(folder, name, 'database.dump')]);
	assert.equal(contents('restored'), before);
	assert.ok(Number(sql('restored', 'select count(distinct company_id) from crm.lead')) >= 2);
	// the wall came along
	assert.equal(sql('restored', "select count(*) from pg_class where relname = 'lead' and relrowsecurity and relforcerowsecurity"), '1');
	const files = (from) => fs.readdirSync(from, { recursive: true }).sort().join('\n');
	assert.equal(files(path.join(folder, name, 'files')), files(path.join(process.env.SISO_DATA, 'files')));
	sql('postgres', 'drop database restored');
});

test('without a database there is a message and no half copy', () => {
	const made = spawnSync(siso, ['backup', path.join(folder, 'other')], { encoding: 'utf8', env: { ...env, DATABASE_BACKUP_URL: 'host=/nowhere dbname=siso user=siso_backup' } });
	assert.equal(made.status, 1);
	assert.match(made.stderr, /siso up/);
	assert.deepEqual(fs.readdirSync(path.join(folder, 'other')), []);
	assert.equal(spawnSync(siso, ['backup'], { env }).status, 2);
});
