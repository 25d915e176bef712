// What every figure needs: the program on data of its own, somebody who is signed in, requests by wrk with the
// processor time that they cost, and pgbench with the program's own statements.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const siso = process.env.SISO_PROGRAM ?? path.join(root, 'build/release/src/siso');
export const data = process.env.SISO_DATA ?? path.join(root, 'build/bench-data');
export const rounds = Number(process.env.ROUNDS ?? 5);
export const seconds = Number(process.env.SECONDS ?? 3);
export const host = 'ianara.localhost';
export const email = 'gerente@ianara.test';
export const password = 'sorriso-aberto-2026';

export const say = (text) => console.log(text);
export const run = (file, args, more = {}) => execFileSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...more });
export const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
export const percentile = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor((list.length * p) / 100))];
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const ms = (value) => (value === undefined ? '' : value < 10 ? value.toFixed(1) : value.toFixed(0));

// Columns as wide as what stands in them; the first is text, the others are figures.
export function table(head, rows) {
	const width = head.map((_, i) => Math.max(...[head, ...rows].map((row) => String(row[i] ?? '').length)));
	for (const row of [head, width.map((n) => '-'.repeat(n)), ...rows])
		say(row.map((cell, i) => (i ? String(cell ?? '').padStart(width[i]) : String(cell ?? '').padEnd(width[i]))).join('  ').trimEnd());
	say('');
}

// "target ≤ 10: met", so that nobody has to compare by eye.
export const verdict = (is, target) => `target ${target}: ${is ? 'met' : 'MISSED'}`;

// ---- the program ----

export const port = await new Promise((resolve) => {
	const server = net.createServer().listen(0, '127.0.0.1', () => {
		const { port } = server.address();
		server.close(() => resolve(port));
	});
});
export const base = `http://127.0.0.1:${port}`;
// The limit of the API counts this machine too: here it is what is measured that must end the run.
export const env = { ...process.env, SISO_DATA: data, PORT: String(port), SISO_API_PER_MINUTE: '10000000' };

let top = 0;

export async function start() {
	const began = Date.now();
	const child = spawn(siso, ['up'], { env, stdio: 'ignore' });
	top = child.pid;
	for (;;) {
		if (child.exitCode !== null) throw new Error('siso up ended; see the logs of ' + data);
		const answer = await fetch(`${base}/readyz`).catch(() => null);
		if (answer?.ok) return { child, ms: Date.now() - began };
		await wait(50);
	}
}

export const stop = (child) =>
	new Promise((resolve) => {
		if (child.exitCode !== null) return resolve();
		child.on('exit', resolve);
		child.kill('SIGTERM');
	});

export const psql = (sql) => run(path.join(root, 'script/psql'), ['-Atc', sql], { env }).trim();
const load = (file) => run(path.join(root, 'script/psql'), ['-q', '-f', path.join(root, 'bench', file)], { env, timeout: 900_000 });

// history: with the patient of ten years, whose 121 months weigh on every timeline.
export function fill(history) {
	mkdirSync(data, { recursive: true });
	if (Number(psql('select count(*) from crm.lead')) <= 100_000) {
		say('loading 4 million rows (once, three minutes)');
		load('data.sql');
	}
	if (history && psql("select count(*) from patient.patient where company_id = 1 and name = 'Marta Dez Anos'") === '0') load('history.sql');
}

// ---- who asks ----

// What a browser holds after signing in: the cookies as one header.
export function signIn(who = email) {
	const jar = `${data}/jar`;
	const curl = (more) => run('curl', ['-s', '-c', jar, '-b', jar, '-H', `Host: ${host}:${port}`, ...more, `${base}/login`]);
	writeFileSync(jar, '');
	const csrf = curl([]).match(/name="csrf" value="([^"]+)"/)?.[1] ?? '';
	const head = curl(['-D', '-', '-o', '/dev/null', '--data', new URLSearchParams({ email: who, password, csrf }).toString()]);
	if (!/^HTTP\/\S+ 303/.test(head)) throw new Error(`could not sign in: ${head.split('\r\n')[0]}`);
	const cookies = readFileSync(jar, 'utf8')
		.split('\n')
		.map((line) => line.replace(/^#HttpOnly_/, '').split('\t'))
		.filter((part) => part.length === 7)
		.map((part) => `${part[5]}=${part[6]}`);
	writeFileSync(jar, '');
	return cookies.join('; ');
}

export function token() {
	const text = run('curl', ['-s', '-H', `Host: ${host}:${port}`, '-H', 'Content-Type: application/json', '--data',
		JSON.stringify({ email, password }), `${base}/api/v1/tokens`]);
	const answer = JSON.parse(text);
	const found = answer.access_token ?? answer.access ?? answer.data?.access_token;
	if (!found) throw new Error(`no token: ${text.slice(0, 200)}`);
	return found;
}

export const me = { cookie: '', bearer: '' };

// An access token is good for 15 minutes, a run is shorter; parts sign in anew all the same.
export function signInAgain(who = email) {
	me.cookie = signIn(who);
	me.bearer = token();
}

// One request by node, for what wrk and curl cannot do; the answer when its last byte is here.
export function request(method, url, { agent, body, headers = {} } = {}) {
	return new Promise((resolve, reject) => {
		const began = performance.now();
		const q = http.request(
			{
				agent, host: '127.0.0.1', port, method, path: url,
				headers: {
					host: `${host}:${port}`,
					...(url.startsWith('/api/') ? { authorization: `Bearer ${me.bearer}` } : { cookie: me.cookie }),
					...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
					...headers,
				},
			},
			(answer) => {
				const parts = [];
				answer.on('data', (part) => parts.push(part));
				answer.on('end', () => {
					const text = Buffer.concat(parts).toString();
					resolve({ status: answer.statusCode, headers: answer.headers, text, ms: performance.now() - began });
				});
			},
		);
		q.on('error', reject);
		q.end(body);
	});
}

// ---- processor time: of the program, nginx and PostgreSQL, from /proc ----

// Others may run on this machine: ours stand below the `siso up` that was started here.
function isOurs(pid) {
	for (let at = Number(pid), up = 0; at > 1 && up < 8; up++) {
		if (at === top) return true;
		at = Number(readFileSync(`/proc/${at}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
	}
	return false;
}

export function processes() {
	const list = [];
	for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
		try {
			const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
			const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
			const ticks = Number(stat[11]) + Number(stat[12]);
			const kind = line.includes(' serve') && line.includes('siso')
				? 'siso'
				: line.startsWith('nginx: worker')
					? 'nginx'
					: /^postgres/.test(line) || line.includes('/postgres ')
						? 'postgres'
						: null;
			if (kind && isOurs(pid)) list.push({ pid, kind, ticks });
		} catch {
			// it has just ended
		}
	}
	return list;
}

const used = (before, after, kind) => {
	const old = new Map(before.map((p) => [p.pid, p.ticks]));
	return after.filter((p) => p.kind === kind).reduce((sum, p) => sum + p.ticks - (old.get(p.pid) ?? 0), 0) * 10_000;
};

// KB of the web program (PSS): the largest, for its parent may show the same words while it starts.
export function memoryKb(kind = 'siso') {
	const pss = (pid) => Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]);
	const list = processes().filter((p) => p.kind === kind).map((p) => pss(p.pid));
	return kind === 'siso' ? Math.max(...list) : list.reduce((a, b) => a + b, 0);
}

// Round trips to PostgreSQL that one request of this route takes, from the program's own counter.
export async function roundTrips(route, url) {
	const count = async () => {
		const text = await (await fetch(`${base}/metrics`)).text();
		return Number(text.match(new RegExp(`siso_round_trips_total\\{method="GET",route="${route}"\\} (\\d+)`))?.[1] ?? 0);
	};
	await wait(300); // what was still under way when wrk ended is counted by then
	const before = await count();
	await request('GET', url);
	await wait(50);
	return (await count()) - before;
}

// ---- one measurement ----

// As a browser asks: gzip, and HTML unless it is the API. Times in ms, processor time in µs a request.
export function wrk(url, { clients = 8, time = seconds, at = `${host}:${port}`, cookie = me.cookie, coding = 'gzip' } = {}) {
	const api = url.startsWith('/api/');
	const before = processes();
	const out = run('wrk', ['-t1', `-c${clients}`, `-d${time}s`, '-s', path.join(root, 'bench/wrk.lua'), '-H', `Host: ${at}`,
		'-H', api ? `Authorization: Bearer ${me.bearer}` : `Cookie: ${cookie}`, '-H', `Accept-Encoding: ${coding}`,
		'-H', api ? 'Accept: application/json' : 'Accept: text/html', base + url]);
	const after = processes();
	const m = JSON.parse(out.match(/^figures (.*)$/m)[1]);
	return {
		perSecond: m.requests / (m.us / 1e6), p50: m.p50 / 1000, p95: m.p95 / 1000, p99: m.p99 / 1000, bad: m.bad, requests: m.requests,
		siso: used(before, after, 'siso') / m.requests,
		nginx: used(before, after, 'nginx') / m.requests,
		postgres: used(before, after, 'postgres') / m.requests,
	};
}

// First byte of answers that one client asks for one after the other over one connection; url may hold curl's [1-60].
export function firstBytes(url, more = []) {
	const out = run('curl', ['-s', '-g', '--compressed', '-o', '/dev/null', '-w', '%{time_starttransfer} %{http_code} %{size_download}\\n',
		'-H', `Host: ${host}:${port}`, '-H', url.startsWith('/api/') ? `Authorization: Bearer ${me.bearer}` : `Cookie: ${me.cookie}`, ...more,
		...(more.includes('-g') ? [] : []), base + url].filter((arg) => arg !== '-g'));
	const list = out.trim().split('\n').map((line) => line.split(' '));
	const times = list.map(([time]) => Number(time) * 1000);
	return { times, statuses: [...new Set(list.map(([, status]) => status))], bytes: Number(list[0][2]),
		p50: percentile(times, 50), p95: percentile(times, 95), max: Math.max(...times) };
}

let databaseUrl;

export function readDatabaseUrl() {
	const pid = processes().find((p) => p.kind === 'siso').pid;
	databaseUrl = process.env.BENCH_DATABASE_URL ?? run('sh', ['-c', `tr '\\0' '\\n' < /proc/${pid}/environ | sed -n 's/^DATABASE_URL=//p'`]).trim();
}

export function pgbench(file, { clients = 8, time = seconds } = {}) {
	const out = run('pgbench', ['-n', '-M', 'prepared', '-D', 'first=1', '-c', String(clients), '-j', '1', '-T', String(time), '-f', file, databaseUrl],
		{ stdio: ['ignore', 'pipe', 'pipe'] });
	return { perSecond: Number(out.match(/tps = ([\d.]+)/)[1]), p50: Number(out.match(/latency average = ([\d.]+)/)[1]) };
}

// ---- the same statements for pgbench, from the program's own list ----

const queries = new Map(
	run(siso, ['queries'])
		.trim()
		.split('\n')
		.map((line) => line.split('\t'))
		.map(([name, , params, text]) => [name, { params: params ? params.split(', ').map((p) => p.split(' ')) : [], text }]),
);

// One query as the program runs it: prepared once a connection with its types, so that PostgreSQL has
// the generic plan in both, then executed with values.
export function statement(name, values = {}) {
	const query = queries.get(name);
	if (!query) throw new Error(`the program has no query ${name}`);
	const literal = (param, type) => {
		const value = param === 'company' ? 1 : (values[param] ?? null);
		return `${value === null ? 'null' : typeof value === 'string' ? `'${value}'` : String(value)}::${type}`;
	};
	return {
		prepare: `prepare ${name}${query.params.length ? `(${query.params.map(([, type]) => type).join(', ')})` : ''} as ${query.text};`,
		execute: `execute ${name}${query.params.length ? `(${query.params.map(([param, type]) => literal(param, type)).join(', ')})` : ''};`,
	};
}

// What platform/db says at the head of each round trip of a reader, and the round trips of a page: each
// one pipeline, no begin and no commit, as the program does it.
const open = "select set_config('app.company_id', '1', true), set_config('transaction_read_only', 'on', true);";
const trip = (statements) => ['\\startpipeline', open, ...statements.map((s) => s.execute), '\\endpipeline'];

export function reference(name, trips) {
	const file = path.join(data, `${name}.pgbench`);
	const prepares = new Set(trips.flat().map((s) => s.prepare));
	writeFileSync(file, `${['\\if :first', ...prepares, '\\set first 0', '\\endif', ...trips.flatMap(trip)].join('\n')}\n`);
	return file;
}

// Pages beside pgbench in the same rounds. A target: { title, url, trips, route }.
export async function beside(targets) {
	const lines = [];
	for (const target of targets) {
		const file = target.trips && reference(target.name, target.trips);
		const ours = [], plain = [], theirs = [], alone = [];
		wrk(target.url, { time: 1 });
		for (let i = 0; i < rounds; i++) {
			ours.push(wrk(target.url));
			if (file) theirs.push(pgbench(file));
			if (file) plain.push(wrk(target.url, { coding: 'identity' }));
			alone.push(wrk(target.url, { clients: 1, time: 1 }));
		}
		const of = (list, key) => median(list.map((m) => m[key]));
		const bad = [...ours, ...alone].reduce((sum, m) => sum + m.bad, 0);
		const tps = file && of(theirs, 'perSecond');
		const share = (list) => (file ? `${Math.round((of(list, 'perSecond') / tps) * 100)} %` : '');
		lines.push([target.title + (bad ? ` (${bad} BAD ANSWERS)` : ''), of(ours, 'perSecond').toFixed(0),
			...['p50', 'p95', 'p99'].map((key) => ms(of(ours, key))), ...['siso', 'nginx', 'postgres'].map((key) => of(ours, key).toFixed(0)),
			file ? tps.toFixed(0) : '', share(ours), share(plain),
			...['p50', 'p95', 'p99'].map((key) => ms(of(alone, key))),
			target.route ? await roundTrips(target.route, target.url) : '']);
	}
	say(`pages beside pgbench (same statements, same round trips), ${rounds} rounds of ${seconds} s in turns, medians;`);
	say('8 clients: requests/s, ms, µs of processor a request; of pgbench, and so when nothing is compressed, as pgbench does not; then');
	say('1 client: ms; and round trips to PostgreSQL');
	table(['', 'req/s', 'p50', 'p95', 'p99', 'program', 'nginx', 'PostgreSQL', 'pgbench', 'ratio', 'plain', '1: p50', 'p95', 'p99', 'trips'], lines);
}

export const lastBootstrap = () => {
	const stamp = path.join(root, 'build/log/bootstrap.seconds');
	return existsSync(stamp) ? readFileSync(stamp, 'utf8').trim() : null;
};
