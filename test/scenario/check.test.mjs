// `siso check` on an installation in order, and with one thing wrong at a time: each is told with the way out. What the
// operator does from a shell: plans and the table of CEPs. And PostgreSQL gone for a moment: friendly pages, then service again.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { request, signIn, until } from './http.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const siso = [process.env.SISO_BIN, '../../build/debug/src/siso', '../../build/release/src/siso']
	.filter(Boolean).map((file) => path.resolve(here, file)).find((file) => fs.existsSync(file));
const data = fs.realpathSync(process.env.SISO_DATA);

const sql = (text) =>
	execFileSync('psql', ['-XAtq', '-h', `${data}/run`, '-U', 'postgres', '-d', 'siso', '-c', text], { encoding: 'utf8' }).trim();
const postmaster = () => +fs.readFileSync(path.join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0];
function check(env = {}) {
	const clean = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', PORT: process.env.SISO_PORT };
	for (const name of ['SISO_ENV', 'DATABASE_URL', 'REDIS_URL', 'SISO_METRICS_TOKEN']) delete clean[name];
	const made = spawnSync(siso, ['check'], { encoding: 'utf8', env: { ...clean, ...env } });
	return { status: made.status, out: made.stdout + made.stderr };
}
// What is wrong between breaking and mending is found, with its way out; the last test sees that all is mended.
function found(words, way, { make, mend, env }) {
	make?.();
	try {
		const { status, out } = check(env);
		assert.equal(status, 1, out);
		const lines = out.split('\n');
		const at = lines.findIndex((line) => line.startsWith('ERRO') && words.test(line));
		assert.ok(at >= 0, out);
		assert.match(lines[at + 1], way);
	} finally {
		mend?.();
	}
}

test('an installation in order has nothing to mend', () => {
	const { status, out } = check();
	assert.equal(status, 0, out);
	assert.match(out, /^ok +PostgreSQL \d+/m);
	assert.match(out, /^ok +estrutura do banco em dia/m);
	assert.match(out, /^ok +Redis$/m);
	assert.match(out, new RegExp(`^ok +atendendo na porta ${process.env.SISO_PORT}$`, 'm'));
	assert.match(out, /^Tudo certo/m);
});

// ---- the operator's commands ----

function operator(...args) {
	const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', SISO_DATA: data, SISO_SECRET_FILE: `${data}/secret` };
	for (const [name, role] of [['DATABASE_URL', 'siso_app'], ['DATABASE_OWNER_URL', 'siso_owner']])
		env[name] = `host=${data}/run dbname=siso user=${role}`;
	const made = spawnSync(siso, args, { encoding: 'utf8', env });
	return { status: made.status, out: made.stdout, err: made.stderr };
}

test('a plan that the operator chooses counts at once, and stands in the book', async () => {
	const owner = await signIn('aurora', 'dona@aurora.test');
	const recalls = async () => (await owner.get('/recalls')).status;
	assert.equal(await recalls(), 200);
	assert.equal(operator('company', 'plan', 'aurora.localhost', 'essencial').status, 0);
	await until(async () => (await recalls()) === 402, 'the module to be off');
	assert.equal(operator('company', 'plan', 'aurora.localhost', 'completo').status, 0);
	await until(async () => (await recalls()) === 200, 'the module to be on');
	const book = "select string_agg(diff->'plan'->>1, ' ' order by id desc) from audit.change where action = 'company.plan'";
	assert.match(sql(book), /^completo essencial/);
});

test('a plan that is not there is refused with those that are', () => {
	const none = operator('company', 'plan', 'aurora.localhost', 'ouro');
	assert.equal(none.status, 1);
	assert.match(none.err, /essencial, clinico, completo/);
	assert.equal(operator('company', 'plan', 'aurora.localhost').status, 2);
});

test('a table of CEPs is what forms of every clinic know, and another file leaves it as it is', async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-cep-'));
	const table = path.join(folder, 'ceps.csv');
	const reception = await signIn('aurora', 'recepcao@aurora.test');
	try {
		fs.writeFileSync(table, Buffer.from('CEP;Logradouro;Bairro;Cidade;UF\n74000-001;Rua Um;S\xe3o Jo\xe3o;Goi\xe2nia;GO\n', 'latin1'));
		assert.deepEqual(operator('cep', table), { status: 0, out: '1 CEPs; 0 lines repeat one, 0 were left out\n', err: '' });
		fs.writeFileSync(table, 'cep,cidade,uf\n12,Goiânia,GO\n74000002,Goiânia,GO\n');
		const refused = operator('cep', table);
		assert.equal(refused.status, 1);
		assert.match(refused.err, /^line 2: "12" is not a CEP$/m);
		assert.deepEqual(JSON.parse((await reception.get('/cep/74000001')).text), { street: 'Rua Um', district: 'São João', city: 'Goiânia', uf: 'GO' });
		assert.equal((await reception.get('/cep/74000002')).status, 204);
		assert.equal(operator('cep').status, 2);
	} finally {
		fs.rmSync(folder, { recursive: true });
	}
});

// ---- and check again ----

test('files that others may read', () => {
	for (const [file, mode] of [['secret', 0o600], ['.', 0o700]])
		found(/pode ser lid[oa] por outros/, /chmod/, {
			make: () => fs.chmodSync(path.join(data, file), 0o755),
			mend: () => fs.chmodSync(path.join(data, file), mode),
		});
});

test('a secret that is missing or cut off', () => {
	const secret = path.join(data, 'secret');
	found(/segredo da instalação, .*No such file/, /backup/, {
		make: () => fs.renameSync(secret, `${secret}.away`),
		mend: () => fs.renameSync(`${secret}.away`, secret),
	});
	const text = fs.readFileSync(secret);
	found(/segredo .* incompleto/, /use o original/, {
		make: () => fs.writeFileSync(secret, 'abc'),
		mend: () => fs.writeFileSync(secret, text),
	});
});

test('the demonstration’s public passwords in production', () => {
	found(/contas de demonstração existem/, /SISO_DEMO=no/, { env: { SISO_ENV: 'production' } });
});

test('a hole in the wall between clinics', () => {
	found(/siso_app passa por cima da parede/, /siso migrate/, {
		make: () => sql('alter role siso_app bypassrls'),
		mend: () => sql('alter role siso_app nobypassrls'),
	});
	found(/sem parede entre clínicas: crm\.hole/, /siso migrate/, {
		make: () => sql('create table crm.hole (company_id bigint)'),
		mend: () => sql('drop table crm.hole'),
	});
});

test('a PostgreSQL that would lose what was saved', () => {
	const set = (text) => {
		sql(text);
		sql('select pg_reload_conf()');
		sql('select pg_sleep(0.3)');
	};
	found(/roda com synchronous_commit = off/, /queda de energia/, {
		make: () => set('alter system set synchronous_commit = off'),
		mend: () => set('alter system reset synchronous_commit'),
	});
});

test('a database of another version of the program', () => {
	found(/1 migrações ainda não rodaram/, /siso migrate/, {
		make: () => sql('create table public.kept as select * from siso.migration order by number desc limit 1; delete from siso.migration where number = (select number from public.kept)'),
		mend: () => sql('insert into siso.migration select * from public.kept; drop table public.kept'),
	});
	const sha = sql('select sha256 from siso.migration where number = 1');
	found(/o banco não combina com este programa/, /mais nova/, {
		make: () => sql(`update siso.migration set sha256 = '${'0'.repeat(64)}' where number = 1`),
		mend: () => sql(`update siso.migration set sha256 = '${sha}' where number = 1`),
	});
});

test('a Siso that does not answer, and a folder that is none; then all is well again', () => {
	found(/readyz na porta 1: sem resposta/, /log/, { env: { PORT: '1' } });
	assert.equal(check({ SISO_DATA: '/nowhere/siso' }).status, 1);
	const { status, out } = check();
	assert.equal(status, 0, out);
});

// The postmaster and all of its processes. Connections are still taken, by the kernel.
function freeze(postmaster, signal) {
	const all = execFileSync('ps', ['--ppid', String(postmaster), '-o', 'pid='], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
	for (const pid of [postmaster, ...all]) process.kill(pid, signal);
}

test('PostgreSQL takes connections and says nothing: /readyz says so at once', async () => {
	const ready = async () => {
		const began = Date.now();
		const answer = await request('ianara', 'GET', '/readyz');
		assert.ok(Date.now() - began < 2000, `answered after ${Date.now() - began} ms`);
		return answer;
	};
	const head = postmaster();
	await until(async () => (await ready()).status === 200, 'the program to be ready');
	freeze(head, 'SIGSTOP');
	try {
		const answer = await until(async () => {
			const now = await ready();
			return now.status !== 200 && now;
		}, 'the silence to be seen', 6000);
		assert.equal(answer.status, 503);
		assert.match(answer.text, /^PostgreSQL has not answered for \d+ s\n$/);
	} finally {
		freeze(head, 'SIGCONT');
	}
	await until(async () => (await ready()).status === 200, 'service again');
});

test('PostgreSQL goes away and comes back: 503 with a friendly page, then service without a restart', async () => {
	const boss = await signIn('ianara', 'dona@ianara.test');
	const taken = async () => Number(/^siso_scgi_accepted_total (\d+)/m.exec((await request('ianara', 'GET', '/metrics')).text)[1]);
	const before = await taken();
	process.kill(postmaster(), 'SIGQUIT');
	let page, json;
	await until(async () => {
		[page, json] = await Promise.all([boss.get('/funnel', { accept: 'text/html' }), boss.get('/api/v1/leads', { accept: 'application/json' })]);
		return page.status !== 200 && json.status !== 200;
	}, 'an answer without PostgreSQL');
	assert.equal(page.status, 503, page.text.slice(0, 300));
	assert.ok(Number(page.headers['retry-after']) > 0);
	assert.match(page.text, /<h1/);
	assert.doesNotMatch(page.text, /psql|socket|server closed|PGRES|libpq/i);
	assert.equal(json.status, 503);
	assert.match(json.headers['content-type'], /problem\+json/);
	assert.equal((await request('ianara', 'GET', '/healthz')).status, 200);
	await until(async () => (await boss.get('/funnel')).status === 200, 'service again', 30_000);
	await until(async () => (await request('ianara', 'GET', '/readyz')).status === 200, 'to be ready');
	assert.ok((await taken()) > before, 'the web program was started anew');
});
