// The supervisor for real, around a stub of the program: real PostgreSQL, Redis and nginx in a temporary
// folder. Usage: node up.test.mjs STUB [part of a test's name]
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [stub, only = ''] = process.argv.slice(2);
const isRoot = process.getuid() === 0;
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-up-'));
fs.chmodSync(base, 0o755);
const running = new Set();
const tests = [];
const test = (name, run) => tests.push({ name, run });
class Skip extends Error {}

function check(value, what) {
	if (!value) throw new Error(what);
}

async function until(what, condition, seconds = 20) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(30))
		if (await condition()) return;
	throw new Error(`waited ${seconds} s: ${what}`);
}

function freePort() {
	return new Promise((resolve) => {
		const server = net.createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
}

// Told to go (took too long): leave nothing behind.
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => {
		for (const { child } of running) child.kill('SIGKILL');
		fs.rmSync(base, { recursive: true, force: true });
		process.exit(1);
	});

let count = 0;
async function place() {
	return { data: path.join(base, `d${++count}`), port: await freePort() };
}

// Start `stub up`; resolves when it says that it is up, or has ended.
async function up({ data, port }, env = {}, program = stub, options = {}) {
	const clean = { ...process.env };
	for (const name of ['DATABASE_URL', 'REDIS_URL', 'SISO_STATIC', 'SISO_ENV', 'SISO_BIND']) delete clean[name];
	const child = spawn(program, ['up'], {
		env: { ...clean, SISO_DATA: data, PORT: String(port), ...env },
		...options,
	});
	const me = { child, data, port, out: '', status: null };
	me.ended = new Promise((resolve) => child.on('close', (status, signal) => {
		me.status = status ?? signal;
		running.delete(me);
		resolve(me.status);
	}));
	running.add(me);
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (me.out += bytes));
	await until(`start\n${me.out}`, () => me.status !== null || me.out.includes('está no ar.\n'), 60);
	return me;
}

async function stop(me, signal = 'SIGINT') {
	me.child.kill(signal);
	await me.ended;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
function ask(port, url, { method = 'GET', body, headers = {} } = {}) {
	return new Promise((resolve) => {
		const request = http.request({ agent, host: '127.0.0.1', port, path: url, method, headers }, (answer) => {
			const pieces = [];
			answer.on('data', (bytes) => pieces.push(bytes));
			answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers,
				body: Buffer.concat(pieces).toString() }));
			answer.on('error', (error) => resolve({ status: 0, error }));
		});
		request.on('error', (error) => resolve({ status: 0, error }));
		request.end(body);
	});
}

const sockets = (me) => fs.realpathSync(path.join(me.data, 'run'));
function sql(me, text) {
	return execFileSync('psql', ['-XAtq', '-h', sockets(me), '-U', 'postgres', '-d', 'postgres', '-c', text],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
function redis(me, ...words) {
	return execFileSync('redis-cli', ['-s', path.join(sockets(me), 'redis.sock'), ...words],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

// Processes that hold a file of the folder's run/ open, by their command line.
function descendants(me) {
	const lock = path.join(sockets(me), 'descendants.lock');
	const found = [];
	for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			const fds = fs.readdirSync(`/proc/${pid}/fd`);
			if (fds.some((fd) => {
				try { return fs.readlinkSync(`/proc/${pid}/fd/${fd}`) === lock; } catch { return false; }
			})) found.push({ pid: +pid, command: fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') });
		} catch { /* gone */ }
	}
	return found;
}
const pidOf = (me, word) => descendants(me).find((p) => p.command.includes(word))?.pid;

// `clients` loops of requests until told to stop; returns the counts by status.
function load(me, clients, url, method) {
	const seen = {};
	let go = true;
	const loops = Array.from({ length: clients }, async () => {
		while (go) {
			const { status } = await ask(me.port, url, { method, body: method === 'POST' ? 'a=b' : undefined });
			seen[status] = (seen[status] ?? 0) + 1;
		}
	});
	return async () => {
		go = false;
		await Promise.all(loops);
		return seen;
	};
}

const all200 = (seen) => Object.keys(seen).join() === '200' && seen[200] > 20;

test('the first start makes everything, and only its owner can read it', async () => {
	const me = await up(await place());
	check(me.status === null, me.out);
	check(fs.statSync(me.data).mode % 0o1000 === 0o700, 'mode of the folder');
	check(fs.statSync(path.join(me.data, 'secret')).mode % 0o1000 === 0o600, 'mode of the secret');
	check(/^[0-9a-f]{64}$/.test(fs.readFileSync(path.join(me.data, 'secret'), 'utf8')), 'the secret');
	check(fs.statSync(me.data).uid !== 0, 'root owns the folder');
	for (const name of ['app.sock', 'events.sock']) check(fs.statSync(path.join(sockets(me), name)).mode % 0o1000 === 0o660, name);
	check(sql(me, 'show data_checksums') === 'on', 'checksums');
	check(sql(me, 'show synchronous_commit') === 'on', 'synchronous_commit');
	check(sql(me, 'show listen_addresses') === '', 'no TCP');
	check(redis(me, 'config', 'get', 'appendonly').endsWith('yes'), 'appendonly');
	check(me.out.includes(`http://ianara.localhost:${me.port}`) && me.out.includes('dona@ianara.test'), 'logins');
	for (const { pid, command } of descendants(me))
		check(fs.statSync(`/proc/${pid}`).uid !== 0, `runs as root: ${command}`);
	await stop(me);
	check(me.status === 0, `status ${me.status}`);
	check(descendants(me).length === 0, 'something still runs');
});

test('a second start takes less than three seconds and keeps the secret', async () => {
	const where = await place();
	await stop(await up(where));
	const secret = fs.readFileSync(path.join(where.data, 'secret'), 'utf8');
	let me, took;
	// The machine may be busy with something else: one of three has to be quick.
	for (let round = 0; round < 3 && !(took < 3000); round++) {
		if (me) await stop(me);
		const since = Date.now();
		me = await up(where);
		took = Date.now() - since;
		check(me.status === null, me.out);
	}
	check(took < 3000, `took ${took} ms`);
	check(fs.readFileSync(path.join(where.data, 'secret'), 'utf8') === secret, 'another secret');
	check(fs.readFileSync(path.join(where.data, 'log/demo.log'), 'utf8').match(/^demo/gm).length === 1, 'demo ran twice');
	await stop(me, 'SIGTERM');
	check(me.status === 0, `status ${me.status}`);
});

test('a restart under load loses no request', async () => {
	const me = await up(await place());
	const first = (await ask(me.port, '/pid')).body;
	const gets = load(me, 8, '/pid', 'GET'), posts = load(me, 8, '/pid', 'POST');
	for (let round = 0; round < 3; round++) {
		const before = (await ask(me.port, '/pid')).body;
		me.child.kill('SIGHUP');
		await until('another pid', async () => (await ask(me.port, '/pid')).body !== before);
		await sleep(500);
	}
	const [get, post] = [await gets(), await posts()];
	check(all200(get) && all200(post), `GET ${JSON.stringify(get)} POST ${JSON.stringify(post)}`);
	check((await ask(me.port, '/pid')).body !== first, 'still the first program');
	await stop(me);
});

test('a request that is being answered when the restart comes is finished by the old program', async () => {
	const me = await up(await place());
	const slow = Array.from({ length: 4 }, () => ask(me.port, '/slow', { method: 'POST', body: 'x' }));
	await sleep(200);
	me.child.kill('SIGHUP');
	check((await Promise.all(slow)).every(({ status }) => status === 200), 'one was cut');
	await stop(me);
});

test('when the web program is killed, readers notice nothing', async () => {
	const me = await up(await place());
	const gets = load(me, 8, '/pid', 'GET');
	for (let round = 0; round < 2; round++) {
		await sleep(300);
		process.kill(pidOf(me, ' serve'), 'SIGKILL');
	}
	await sleep(1500);
	const seen = await gets();
	check(all200(seen), JSON.stringify(seen));
	check(me.out.includes('web parou (sinal 9'), me.out);
	await stop(me);
});

test('a web program that keeps failing gives way to a friendly page', async () => {
	const me = await up(await place());
	let page;
	await until('503 at once', async () => {
		const since = Date.now();
		page = await ask(me.port, '/crash', { method: 'POST', body: 'x', headers: { accept: 'text/html' } });
		const next = await ask(me.port, '/pid', { headers: { accept: 'text/html' } });
		if (next.status !== 503 || Date.now() - since > 1000) return false;
		page = next;
		return true;
	}, 40);
	check(page.headers['retry-after'] === '5' && page.headers['content-type'].startsWith('text/html'), 'headers');
	check(page.body.includes('Tentar de novo'), 'the page');
	const json = await ask(me.port, '/pid', { headers: { accept: 'application/json' } });
	check(json.status === 503 && JSON.parse(json.body).type === 'unavailable', 'JSON');
	check(json.headers['content-type'].startsWith('application/problem+json'), json.headers['content-type']);
	await until('service again', async () => (await ask(me.port, '/pid')).status === 200, 40);
	await stop(me);
});

test('nginx, Redis and PostgreSQL come back when they are killed', async () => {
	const me = await up(await place());
	sql(me, 'create table t (n int)');
	sql(me, 'insert into t select generate_series(1, 1000)');
	redis(me, 'set', 'k', 'v');
	await sleep(1100); // everysec
	process.kill(pidOf(me, 'nginx: master'), 'SIGKILL');
	process.kill(pidOf(me, 'redis-server'), 'SIGKILL');
	process.kill(+fs.readFileSync(path.join(me.data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0], 'SIGKILL');
	await sleep(300);
	await until('nginx', async () => (await ask(me.port, '/pid')).status === 200);
	await until('Redis', () => { try { return redis(me, 'get', 'k') === 'v'; } catch { return false; } });
	await until('PostgreSQL', () => { try { return sql(me, 'select count(*) from t') === '1000'; } catch { return false; } });
	await stop(me);
});

test('when the supervisor is killed, its children end, and the next start loses nothing', async () => {
	const where = await place();
	let me = await up(where);
	sql(me, 'create table t (n int)');
	sql(me, 'insert into t values (7)');
	await stop(me, 'SIGKILL');
	me = await up(where);
	check(me.status === null, me.out);
	check(sql(me, 'select n from t') === '7', 'the row');
	check((await ask(me.port, '/pid')).status === 200, 'service');
	await stop(me, 'SIGKILL');
	await until('all children gone', () => descendants(me).length === 0, 15);
});

test('after a power cut, stale pids and sockets do not stop the start', async () => {
	const where = await place();
	let me = await up(where);
	sql(me, 'create table t (n int)');
	sql(me, 'insert into t values (7)');
	me.child.kill('SIGSTOP'); // or it would start them again
	for (const { pid } of descendants(me)) {
		if (pid === me.child.pid) continue;
		try { process.kill(pid, 'SIGKILL'); } catch { /* ended with its parent */ }
	}
	await stop(me, 'SIGKILL');
	await until('all gone', () => descendants(me).length === 0, 15);
	// After a reboot the numbers belong to somebody else, here to a process of the same user.
	const other = spawn('sleep', ['60'], isRoot ? { uid: fs.statSync(where.data).uid } : {});
	for (const file of ['postgres/postmaster.pid', 'run/.s.PGSQL.5432.lock'])
		fs.writeFileSync(path.join(where.data, file), `${other.pid}\n${where.data}/postgres\n0\n5432\n`);
	fs.writeFileSync(path.join(where.data, 'run/nginx.pid'), `${other.pid}\n`);
	me = await up(where);
	check(me.status === null, me.out);
	check(sql(me, 'select n from t') === '7', 'the row');
	other.kill();
	await stop(me);
});

test('children that ignore their parent\'s death are ended by the next start', async () => {
	const where = await place();
	let me = await up(where);
	const stuck = pidOf(me, 'redis-server');
	process.kill(stuck, 'SIGSTOP'); // cannot even take SIGTERM
	await stop(me, 'SIGKILL');
	me = await up(where);
	check(me.status === null, me.out);
	check(me.out.includes('execução anterior'), me.out);
	check(redis(me, 'ping') === 'PONG', 'Redis');
	await stop(me);
});

test('a second supervisor on the same folder says so and leaves the first alone', async () => {
	const where = await place();
	const me = await up(where);
	const second = await up({ data: where.data, port: await freePort() });
	check(second.status === 1 && second.out.includes('já está no ar'), second.out);
	check(second.out.includes(String(me.child.pid)) && second.out.includes(`:${me.port}`), second.out);
	check((await ask(me.port, '/pid')).status === 200, 'the first');
	await stop(me);
});

test('a taken port is named, with the way out', async () => {
	const where = await place();
	const server = net.createServer().listen(where.port, '127.0.0.1');
	const me = await up(where);
	server.close();
	check(me.status === 1 && me.out.includes(`porta ${where.port} já está em uso`), me.out);
	check(me.out.includes('PORT='), me.out);
});

test('a port that is no port is refused', async () => {
	for (const port of ['abc', '0', '70000', '80x']) {
		const me = await up({ ...(await place()), port });
		check(me.status === 1 && me.out.includes(`PORT=${port}`), me.out);
	}
});

test('data of another PostgreSQL is refused and not touched', async () => {
	const where = await place();
	await stop(await up(where));
	const version = path.join(where.data, 'postgres/PG_VERSION');
	fs.writeFileSync(version, '13\n');
	const me = await up(where);
	check(me.status === 1 && me.out.includes('PostgreSQL 13') && me.out.includes('pg_upgrade'), me.out);
	check(fs.readFileSync(version, 'utf8') === '13\n', 'PG_VERSION was changed');
	check(!fs.existsSync(path.join(where.data, 'postgres/postmaster.pid')), 'it was started');
});

test('a folder with other things in it is refused', async () => {
	const where = await place();
	fs.mkdirSync(where.data);
	if (isRoot) fs.chownSync(where.data, +execFileSync('id', ['-u', 'siso']), 0);
	fs.writeFileSync(path.join(where.data, 'tese.odt'), 'x');
	const me = await up(where);
	check(me.status === 1 && me.out.includes('não é de dados do Siso'), me.out);
	check(fs.readdirSync(where.data).join() === 'tese.odt', 'it was written to');
});

test('a folder of another user is refused, and root runs as its owner', async () => {
	if (!isRoot) throw new Skip('needs root');
	const where = await place();
	const uid = +execFileSync('id', ['-u', 'nobody']), gid = +execFileSync('id', ['-g', 'nobody']);
	fs.mkdirSync(where.data, 0o755);
	fs.chownSync(where.data, uid, gid);
	let me = await up(where);
	check(me.status === null, me.out);
	for (const { pid, command } of descendants(me)) check(fs.statSync(`/proc/${pid}`).uid === uid, command);
	await stop(me);
	const siso = +execFileSync('id', ['-u', 'siso']);
	const reachable = path.join(base, 'stub');
	fs.copyFileSync(stub, reachable);
	fs.chmodSync(reachable, 0o755);
	fs.chmodSync(where.data, 0o755);
	me = await up(where, {}, reachable, { uid: siso, gid: +execFileSync('id', ['-g', 'siso']) });
	check(me.status === 1 && me.out.includes('é do usuário nobody, e você é siso'), me.out);
});

test('under a closed home, root\'s data and program go where the user siso reaches them', async () => {
	if (!isRoot) throw new Skip('needs root');
	const home = path.join(base, 'closed');
	fs.mkdirSync(home, 0o700);
	const program = path.join(home, 'stub');
	fs.copyFileSync(stub, program);
	fs.chmodSync(program, 0o755);
	fs.mkdirSync(path.join(home, 'static'));
	fs.writeFileSync(path.join(home, 'static/app.1.css'), 'a{}');
	const where = { data: path.join(home, 'data'), port: await freePort() };
	for (let round = 0; round < 2; round++) {
		const me = await up(where, {}, program);
		check(me.status === null, me.out);
		check((await ask(me.port, '/pid')).status === 200, 'service');
		check((await ask(me.port, '/static/app.1.css')).body === 'a{}', 'static');
		check(fs.realpathSync(where.data).startsWith('/var/lib/siso/'), fs.realpathSync(where.data));
		await stop(me);
	}
	fs.rmSync(fs.realpathSync(where.data), { recursive: true });
});

test('a full disk is named, with the way out', async () => {
	if (!isRoot) throw new Skip('needs root');
	const where = await place();
	fs.mkdirSync(where.data);
	if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', where.data]).status !== 0)
		throw new Skip('cannot mount');
	try {
		const me = await up(where);
		check(me.status === 1 && me.out.includes('disco cheio') && me.out.includes('SISO_DATA='), me.out);
	} finally {
		spawnSync('umount', ['-l', where.data]);
	}
});

test('a disk that fills up during the first start leaves nothing half-made', async () => {
	if (!isRoot) throw new Skip('needs root');
	const where = await place();
	fs.mkdirSync(where.data);
	if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=540m', 'tmpfs', where.data]).status !== 0)
		throw new Skip('cannot mount');
	try {
		const filler = setInterval(() => {
			// As soon as initdb has begun, somebody else takes the rest.
			if (!fs.existsSync(path.join(where.data, 'postgres.new'))) return;
			clearInterval(filler);
			const { bavail, bsize } = fs.statfsSync(where.data);
			spawnSync('fallocate', ['-l', String(bavail * bsize - (2 << 20)), path.join(where.data, 'big')]);
		}, 1);
		const me = await up(where);
		clearInterval(filler);
		check(me.status === 1 && me.out.includes('disco cheio'), me.out);
		check(!fs.existsSync(path.join(where.data, 'postgres')), 'half a cluster');
		fs.rmSync(path.join(where.data, 'big'));
		const again = await up(where);
		check(again.status === null, again.out);
		await stop(again);
	} finally {
		spawnSync('umount', ['-l', where.data]);
	}
});

test('a queue log that cannot be read is put aside', async () => {
	const where = await place();
	await stop(await up(where));
	const folder = path.join(where.data, 'redis/appendonlydir');
	const log = fs.readdirSync(folder).find((name) => name.endsWith('incr.aof'));
	fs.writeFileSync(path.join(folder, log), '*3\r\n$3\r\nSET\r\nrubbish that is no command\r\n*1\r\n');
	const me = await up(where);
	check(me.status === null, me.out);
	check(me.out.includes('ilegível') && redis(me, 'ping') === 'PONG', me.out);
	check(fs.readdirSync(path.join(where.data, 'redis')).some((name) => name.includes('ruim')), 'not kept');
	await stop(me);
});

test('a failing migration stops the start and shows its last words', async () => {
	const me = await up(await place(), { STUB_FAILS: 'migrate' });
	check(me.status === 1 && me.out.includes('"siso migrate" não terminou bem'), me.out);
	check(/ {4}migrate \d+/.test(me.out), 'the tail of the log');
	check(descendants(me).length === 0, 'something still runs');
});

test('a PostgreSQL from outside needs its three roles', async () => {
	const me = await up(await place(), { DATABASE_URL: 'host=example' });
	check(me.status === 1 && me.out.includes('falta DATABASE_OWNER_URL'), me.out);
});

test('without Redis everything else runs', async () => {
	const me = await up(await place(), { REDIS_URL: 'none', SISO_DEMO: 'no' });
	check(me.status === null && !pidOf(me, 'redis-server'), me.out);
	check(!me.out.includes('dona@ianara.test'), 'demo logins without a demo');
	await stop(me);
});

test('Ctrl-C during the start stops it at once', async () => {
	const where = await place();
	const starting = up(where);
	await until('PostgreSQL being made', () => fs.existsSync(path.join(where.data, 'postgres.new')));
	const [me] = running;
	me.child.kill('SIGINT');
	await starting;
	check(me.status === 0, `status ${me.status}`);
	check(descendants(me).length === 0, 'something still runs');
	const again = await up(where);
	check(again.status === null, again.out);
	await stop(again);
});

test('the program gets the closed list, and nothing a browser adds', async () => {
	const me = await up(await place());
	const { body } = await ask(me.port, '/echo?a=1', { method: 'POST', body: 'x=1', headers: {
		'x-forwarded-for': '1.2.3.4', 'x-company': '7', company: '7', cookie: 's=1', 'if-match': '"a"',
		'idempotency-key': 'k', authorization: 'Bearer t', 'hx-request': 'true', 'sec-fetch-site': 'same-origin',
		origin: 'http://a', accept: 'text/html', 'if-none-match': '"b"', 'content-type': 'text/plain' } });
	const lines = body.trim().split('\n').filter((line) => !/^(REQUEST_ID|CONTENT_LENGTH)=/.test(line)).sort();
	check(lines.join('|') === ['ACCEPT=text/html', 'AUTHORIZATION=Bearer t', 'BODY=x=1', 'COOKIE=s=1',
		'HOST=127.0.0.1', 'HX_REQUEST=true', 'IDEMPOTENCY_KEY=k', 'IF_MATCH="a"', 'IF_NONE_MATCH="b"',
		'METHOD=POST', 'ORIGIN=http://a', 'PATH=/echo', 'PEER=127.0.0.1', 'QUERY=a=1', 'SITE=same-origin',
		'TYPE=text/plain'].sort().join('|'), body);
	check((await ask(me.port, '/echo', { method: 'HEAD' })).status === 200, 'HEAD');
	check((await ask(me.port, '/echo', { method: 'TRACE' })).status === 405, 'TRACE');
	await stop(me);
});

test('large bodies: an upload goes to disk, anything else is refused kindly', async () => {
	const me = await up(await place());
	const answer = await ask(me.port, '/echo/a b?c=d%20e'.replace(' ', '%20'), { method: 'PUT', body: Buffer.alloc(5 << 20) });
	const file = answer.body.match(/^BODY_FILE=(.*)$/m)?.[1];
	check(answer.status === 200 && file?.startsWith(fs.realpathSync(me.data)), answer.body);
	check(answer.body.includes('\nPATH=/echo/a b\n') && answer.body.includes('\nQUERY=c=d%20e\n'), answer.body);
	const put = await ask(me.port, '/echo', { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } });
	check(put.body.includes('BODY={}') && !put.body.includes('BODY_FILE'), put.body);
	await until('the body is removed', () => !fs.existsSync(file), 5);
	const page = await ask(me.port, '/echo', { method: 'POST', body: Buffer.alloc(70000), headers: { accept: 'text/html' } });
	check(page.status === 413 && page.body.includes('Grande demais'), page.body);
	const json = await ask(me.port, '/echo', { method: 'POST', body: Buffer.alloc(70000), headers: { accept: 'application/json' } });
	check(json.status === 413 && JSON.parse(json.body).status === 413, json.body);
	const whole = await ask(me.port, '/echo', { method: 'POST', body: Buffer.alloc(65000, 97) });
	check(whole.status === 200 && whole.body.includes('a'.repeat(65000)) && !whole.body.includes('BODY_FILE'), 'a form of 65 kB');
	await stop(me);
});

test('static files are compressed beforehand and kept for ever; stored files need the program', async () => {
	const statics = path.join(base, 'static');
	fs.mkdirSync(statics);
	fs.chmodSync(statics, 0o755);
	for (const [name, text] of [['app.1.css', 'plain'], ['app.1.css.gz', 'gz'], ['app.1.css.br', 'br']])
		fs.writeFileSync(path.join(statics, name), text);
	const me = await up(await place(), { SISO_STATIC: statics });
	const get = (encoding) => ask(me.port, '/static/app.1.css', { headers: { 'accept-encoding': encoding } });
	const br = await get('br'), gz = await get('gzip'), plain = await get('');
	check(br.body === 'br' && br.headers['content-encoding'] === 'br', 'brotli');
	check(gz.body === 'gz' && plain.body === 'plain', 'gzip, plain');
	check(br.headers['cache-control'].includes('immutable') && br.headers['content-type'].startsWith('text/css'), 'headers');
	fs.mkdirSync(path.join(me.data, 'files/ab'));
	fs.writeFileSync(path.join(me.data, 'files/ab/abcd'), 'stored');
	if (isRoot) spawnSync('chown', ['-R', 'siso:', path.join(me.data, 'files')]);
	check((await ask(me.port, '/file')).body === 'stored', 'X-Accel-Redirect');
	check((await ask(me.port, '/files/ab/abcd')).status === 404, 'straight to a stored file');
	await stop(me);
});

let passed = 0, failed = 0, skipped = 0;
for (const { name, run } of tests.filter((t) => t.name.includes(only))) {
	const since = Date.now();
	try {
		await run();
		passed++;
		if (process.env.VERBOSE) console.log(`ok ${name} (${Date.now() - since} ms)`);
	} catch (error) {
		if (error instanceof Skip) {
			console.log(`skipped: ${name}: ${error.message}`);
			skipped++;
		} else {
			console.log(`FAILED ${name}\n${error.stack}`);
			failed++;
		}
	}
	for (const me of [...running]) await stop(me, 'SIGTERM');
}
agent.destroy();
fs.rmSync(base, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed || !(passed + skipped) ? 1 : 0);
