// The figures of CRM and agenda, each beside its reference in the same interleaved rounds: pgbench running the
// same statements in the same transaction shape. Started by script/bench; prints a table; loopback only.
//
//   ROUNDS=5 SECONDS=3 script/bench            everything
//   script/bench board list                    only these targets
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const siso = process.env.SISO_PROGRAM ?? path.join(root, 'build/release/src/siso');
const data = process.env.SISO_DATA ?? path.join(root, 'build/bench-data');
const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS ?? 3);
const only = process.argv.slice(2);
const host = 'ianara.localhost';
const password = 'sorriso-aberto-2026';
const port = await new Promise((resolve) => {
	const server = net.createServer().listen(0, '127.0.0.1', () => {
		const { port } = server.address();
		server.close(() => resolve(port));
	});
});
const base = `http://127.0.0.1:${port}`;
// The limit of the API counts this machine too: here it is what is measured that must end the run.
const env = { ...process.env, SISO_DATA: data, PORT: String(port), SISO_API_PER_MINUTE: '10000000' };
const say = (text) => console.log(text);
const run = (file, args, more = {}) => execFileSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...more });
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- the program ----

async function start() {
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

const stop = (child) =>
	new Promise((resolve) => {
		child.on('exit', resolve);
		child.kill('SIGTERM');
	});

function load() {
	const psql = path.join(root, 'script/psql');
	const rows = () => Number(run(psql, ['-Atc', 'select count(*) from crm.lead'], { env }).trim());
	if (rows() > 100000) return;
	say('loading 4 million rows (once, three minutes)');
	run(psql, ['-q', '-f', path.join(root, 'bench/data.sql')], { env, timeout: 900_000 });
}

// What a browser holds after signing in: the cookies as one header.
async function signIn() {
	const jar = new Map();
	const ask = (url, options = {}) =>
		new Promise((resolve, reject) => {
			// fetch refuses a Host of its own, so curl speaks
			const args = ['-s', '-D', '-', '-o', '/dev/null', '-H', `Host: ${host}:${port}`];
			if (jar.size) args.push('-H', `Cookie: ${[...jar].map(([k, v]) => `${k}=${v}`).join('; ')}`);
			if (options.body) args.push('--data', options.body);
			try {
				const head = run('curl', [...args, url]);
				for (const line of head.split('\r\n'))
					if (/^set-cookie:/i.test(line)) jar.set(...line.slice(11).trim().split(';')[0].split(/=(.*)/s).slice(0, 2));
				resolve(head);
			} catch (error) {
				reject(error);
			}
		});
	const page = run('curl', ['-s', '-c', `${data}/jar`, '-H', `Host: ${host}:${port}`, `${base}/login`]);
	const token = page.match(/name="csrf" value="([^"]+)"/)?.[1] ?? page.match(/name="_?csrf[^"]*" value="([^"]+)"/)?.[1];
	for (const line of readFileSync(`${data}/jar`, 'utf8').split('\n')) {
		const part = line.replace(/^#HttpOnly_/, '').split('\t');
		if (part.length === 7) jar.set(part[5], part[6]);
	}
	const name = page.match(/name="(_?csrf[^"]*)"/)?.[1] ?? 'csrf';
	const body = new URLSearchParams({ email: 'gerente@ianara.test', password, [name]: token ?? '' }).toString();
	const head = await ask(`${base}/login`, { body });
	if (!/^HTTP\/\S+ 303/.test(head)) throw new Error(`could not sign in: ${head.split('\r\n')[0]}`);
	return [...jar].map(([k, v]) => `${k}=${v}`).join('; ');
}

function token() {
	const body = JSON.stringify({ email: 'gerente@ianara.test', password });
	const text = run('curl', ['-s', '-H', `Host: ${host}:${port}`, '-H', 'Content-Type: application/json', '--data', body, `${base}/api/v1/tokens`]);
	const answer = JSON.parse(text);
	const found = answer.access_token ?? answer.access ?? answer.data?.access_token;
	if (!found) throw new Error(`no token: ${text.slice(0, 200)}`);
	return found;
}

// ---- processor time: of the program, nginx and PostgreSQL, from /proc ----

// Others may run on this machine: ours stand below the `siso up` that was started here.
let top = 0;
function isOurs(pid) {
	for (let at = Number(pid), up = 0; at > 1 && up < 8; up++) {
		if (at === top) return true;
		at = Number(readFileSync(`/proc/${at}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
	}
	return false;
}

function processes() {
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

function memory() {
	// the largest: one process alone is `siso serve`, but its parent may show the same words while it starts
	const pss = (pid) => Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]);
	const serve = processes().filter((p) => p.kind === 'siso').sort((a, b) => pss(b.pid) - pss(a.pid))[0];
	const text = readFileSync(`/proc/${serve.pid}/smaps_rollup`, 'utf8');
	return Math.round(Number(text.match(/^Pss:\s+(\d+)/m)[1]) / 1024);
}

// ---- one measurement ----

function wrk(url, cookie, clients, time = seconds) {
	const before = processes();
	const out = run('wrk', ['-t1', `-c${clients}`, `-d${time}s`, '--latency', '-H', `Host: ${host}:${port}`,
		'-H', url.startsWith('/api/') ? `Authorization: Bearer ${bearer}` : `Cookie: ${cookie}`, '-H', 'Accept-Encoding: gzip',
		'-H', url.startsWith('/api/') ? 'Accept: application/json' : 'Accept: text/html', base + url]);
	const after = processes();
	const ms = (text) => Number.parseFloat(text) * ({ us: 0.001, ms: 1, s: 1000, m: 60000 }[text.match(/[a-z]+$/)[0]] ?? 1);
	const requests = Number(out.match(/(\d+) requests in/)[1]);
	return {
		perSecond: Number(out.match(/Requests\/sec:\s+([\d.]+)/)[1]),
		p50: ms(out.match(/50%\s+(\S+)/)[1]),
		p99: ms(out.match(/99%\s+(\S+)/)[1]),
		bad: Number(out.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0),
		siso: used(before, after, 'siso') / requests,
		nginx: used(before, after, 'nginx') / requests,
		postgres: used(before, after, 'postgres') / requests,
	};
}

function pgbench(file, clients) {
	const url = readFileSync(`${data}/bench.url`, 'utf8').trim();
	const out = run('pgbench', ['-n', '-M', 'prepared', '-D', 'first=1', '-c', String(clients), '-j', '1', '-T', String(seconds), '-f', file, url]);
	return { perSecond: Number(out.match(/tps = ([\d.]+)/)[1]) };
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
function statement(name, values = {}) {
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

function reference(name, trips) {
	const file = path.join(data, `${name}.pgbench`);
	const prepares = new Map(trips.flat().map((s) => [s.prepare, s]));
	writeFileSync(file, `${['\\if :first', ...prepares.keys(), '\\set first 0', '\\endif', ...trips.flatMap(trip)].join('\n')}\n`);
	return file;
}

// ---- the run ----

mkdirSync(data, { recursive: true });
const cold = await start();
load();
const url = process.env.BENCH_DATABASE_URL ?? run('sh', ['-c', `tr '\\0' '\\n' < /proc/${processes().find((p) => p.kind === 'siso').pid}/environ | sed -n 's/^DATABASE_URL=//p'`]).trim();
writeFileSync(`${data}/bench.url`, url);
await stop(cold.child);
const again = await start();
const cookie = await signIn();
const bearer = token();
const psql = (sql) => run(path.join(root, 'script/psql'), ['-Atc', sql], { env }).trim();
const lead = Number(psql("select max(id) from crm.lead where company_id = 1 and status = 'open'"));
const pipeline = Number(psql('select min(id) from crm.pipeline where company_id = 1'));
const now = new Date().toISOString();
const month = `${now.slice(0, 8)}01`;

const phone = psql(`select phone_key from crm.lead where company_id = 1 and id = ${lead}`);
const email = psql(`select email from crm.lead where company_id = 1 and id = ${lead}`);
const chrome = statement('chrome', { user_id: 2, now });
const members = statement('member_list', { with_inactive: false });
const board = { pipeline_id: pipeline, n: 15, since: month, now };
const filter = { status: 'open', now, overdue: false, no_task: false, stalled: false, n: 51 };
// A day of the first clinic's past: 40 visits of four dentists. The statements are those of one round trip.
const past = new Date(Date.now() - 40 * 86400e3).toISOString().slice(0, 10);
const span = { from: `${past}T03:00:00Z`, to: `${new Date(Date.parse(past) + 86400e3).toISOString().slice(0, 10)}T03:00:00Z` };
const dayTrip = ['company_branches', 'agenda_shifts', 'agenda_extra_shifts', 'agenda_blocks', 'agenda_holidays', 'agenda_dentists',
	'agenda_chairs', 'agenda_visit_types', 'agenda_visits', 'day_brief', 'day_rule', 'day_waiting']
	.map((name) => statement(name, { ...span, cancelled: false, n: 20 }));
const targets = [
	{ name: 'board', title: 'board page', url: '/funnel', trips: [
		[chrome, members, statement('crm_stages')],
		[statement('crm_board', board), statement('crm_board_won', board), statement('crm_board_figures', board)]] },
	{ name: 'list', title: 'lead JSON list', url: '/api/v1/leads?limit=50', trips: [[statement('crm_leads', filter)]] },
	{ name: 'empty', title: 'page with sign-in, nothing else', url: '/notices', trips: [
		[chrome, statement('notice_list', { user_id: 2, n: 31 }), statement('notice_unread', { user_id: 2 })]] },
	{ name: 'day', title: 'day agenda page, 40 visits', url: `/agenda?date=${past}`, trips: [[chrome, ...dayTrip]] },
	{ name: 'dayjson', title: 'day agenda JSON of the page, 40 visits', url: `/agenda/day.json?date=${past}`, trips: [[...dayTrip]] },
	{ name: 'lead', title: 'lead page', url: `/leads/${lead}`, trips: [
		[chrome, members, statement('crm_lead', { id: lead })], [statement('crm_lead_tasks', { lead_id: lead })],
		[statement('patient_twins', { key: phone, email })],
		[statement('crm_lead_twins', { key: phone, email, except: lead })], [statement('crm_stages')],
		[statement('audit_events', { subject: 'lead', subject_id: lead, n: 31 })],
		[statement('crm_sources'), statement('crm_loss_reasons'), statement('crm_fields')], [statement('crm_stages')]] },
].filter((t) => !only.length || only.includes(t.name));

say(`start from existing data: ${again.ms} ms; ${rounds} rounds of ${seconds} s, 8 clients, medians`);
for (const target of targets) {
	const file = target.trips && reference(target.name, target.trips);
	const ours = [], theirs = [], alone = [];
	wrk(target.url, cookie, 8, 1);
	for (let i = 0; i < rounds; i++) {
		ours.push(wrk(target.url, cookie, 8));
		if (file) theirs.push(pgbench(file, 8));
		alone.push(wrk(target.url, cookie, 1, 1));
	}
	const of = (list, key) => median(list.map((m) => m[key]));
	const us = (key) => `${Math.round(of(ours, key))}`;
	say(`${target.title}: ${of(ours, 'perSecond').toFixed(0)} req/s, p50 ${of(ours, 'p50').toFixed(1)} ms, p99 ${of(ours, 'p99').toFixed(1)} ms; ` +
		`processor us a request: program ${us('siso')}, nginx ${us('nginx')}, PostgreSQL ${us('postgres')}; ` +
		`alone p50 ${of(alone, 'p50').toFixed(1)} ms, p99 ${of(alone, 'p99').toFixed(1)} ms` +
		(ours.some((m) => m.bad) ? `; ${ours.reduce((s, m) => s + m.bad, 0)} BAD ANSWERS` : ''));
	if (file)
		say(`  pgbench, same statements: ${of(theirs, 'perSecond').toFixed(0)} tps; ` +
			`ours is ${Math.round((of(ours, 'perSecond') / of(theirs, 'perSecond')) * 100)} %`);
}
say(`memory of the web program after the load: ${memory()} MB (PSS)`);

// Free slots of 20 dentists whose days are nearly full, each asked alone; the API lets 600 a minute pass.
if (!only.length || only.includes('slots')) {
	const from = new Date(Date.now() + 16 * 86400e3).toISOString().slice(0, 10);
	const to = new Date(Date.now() + 105 * 86400e3).toISOString().slice(0, 10);
	const ask = (more, times) => {
		const out = run('curl', ['-s', '-o', '/dev/null', '-w', '%{time_total} %{http_code}\\n', '-H', `Host: ${host}:${port}`, '-H',
			`Authorization: Bearer ${bearer}`, `${base}/api/v1/slots?from=${from}T03:00:00Z&to=${to}T03:00:00Z&${more}&n=[1-${times}]`]);
		const list = out.trim().split('\n').map((line) => line.split(' '));
		if (list.some(([, status]) => status !== '200')) throw new Error(`slots: ${out.slice(0, 100)}`);
		return median(list.map(([time]) => Number(time) * 1000)).toFixed(1);
	};
	ask('minutes=30', 5);
	say(`free slots, 20 dentists: first page of 50 p50 ${ask('minutes=30&limit=50', 60)} ms; 90 days merged, nothing free for 4 h: ` +
		`p50 ${ask('minutes=240&limit=500', 40)} ms`);
}

// 200 clients book at once: 40 times that overlap by halves, of 20 dentists.
if (!only.length || only.includes('booking')) {
	const dentists = psql('select array_to_json(array_agg(user_id)) from agenda.dentist where company_id = 1');
	const type = Number(psql('select min(id) from agenda.visit_type where company_id = 1 and minutes = 30'));
	const patient = Number(psql('select min(patient_id) from patient.brief where company_id = 1'));
	const day = new Date(Date.now() + (200 + Math.floor(Math.random() * 2000)) * 86400e3).toISOString().slice(0, 10);
	const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
	const book = (i) =>
		new Promise((resolve, reject) => {
			const body = JSON.stringify({ dentist_id: JSON.parse(dentists)[i % 4], patient_id: patient, visit_type_id: type, outside_hours: true,
				starts_at: new Date(Date.parse(`${day}T12:00:00Z`) + (i % 37) * 900e3).toISOString().replace('.000', '') });
			const began = performance.now();
			const q = http.request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/api/v1/appointments', headers: { host: `${host}:${port}`,
				authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'content-length': body.length } }, (answer) => {
				answer.resume();
				answer.on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - began }));
			});
			q.on('error', reject);
			q.end(body);
		});
	const began = performance.now();
	const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => book(i)));
	const took = performance.now() - began;
	const count = (status) => answers.filter((a) => a.status === status).length;
	const sorted = answers.map((a) => a.ms).sort((a, b) => a - b);
	agent.destroy();
	say(`booking, 200 clients on one day: ${(400000 / took).toFixed(0)} tries/s, ${count(201)} booked, ${count(409)} refused with what is free, ` +
		`${400 - count(201) - count(409)} other answers; p50 ${sorted[200].toFixed(0)} ms, p99 ${sorted[396].toFixed(0)} ms`);
}

// A restart under load: answers that are not 2xx or 3xx, and broken connections.
if (!only.length || only.includes('restart')) {
	const busy = spawn('wrk', ['-t1', '-c16', '-d6s', '-H', `Host: ${host}:${port}`, '-H', `Cookie: ${cookie}`, `${base}/notices`]);
	let text = '';
	busy.stdout.on('data', (part) => (text += part));
	await wait(1500);
	again.child.kill('SIGHUP');
	await new Promise((resolve) => busy.on('exit', resolve));
	const bad = Number(text.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
	const errors = text.match(/Socket errors: (.*)/)?.[1] ?? 'none';
	say(`restart under load (16 connections): ${text.match(/(\d+) requests in/)[1]} requests, ${bad} refused, socket errors: ${errors}`);
}

// Fairness: another company's p99 beside 1 000 idle connections and a company with 200 connections.
if (!only.length || only.includes('fair')) {
	const other = `c${psql('select max(id) from company.company')}.localhost`;
	const quiet = () => run('wrk', ['-t1', '-c4', `-d${seconds}s`, '--latency', '-H', `Host: ${other}:${port}`, `${base}/login`])
		.match(/99%\s+(\S+)/)[1];
	const before = quiet();
	const idle = [];
	for (let i = 0; i < 1000; i++) idle.push(net.connect(port, '127.0.0.1').on('error', () => {}));
	const noisy = spawn('wrk', ['-t1', '-c200', `-d${seconds + 3}s`, '-H', `Host: ${host}:${port}`, '-H', `Cookie: ${cookie}`, `${base}/funnel`]);
	await wait(1000);
	const beside = quiet();
	await new Promise((resolve) => noisy.on('exit', resolve));
	for (const socket of idle) socket.destroy();
	say(`p99 of another company's sign-in page (4 clients): alone ${before}; beside 1 000 idle connections and one company with 200: ${beside}`);
}
// Sixteen queries of one company that stand still (a row is locked), and another company's p99 meanwhile.
if (!only.length || only.includes('stuck')) {
	const other = `c${psql('select max(id) from company.company')}.localhost`;
	const quiet = () => run('wrk', ['-t1', '-c4', '-d2s', '--latency', '-H', `Host: ${other}:${port}`, `${base}/login`])
		.match(/99%\s+(\S+)/)[1];
	const before = quiet();
	const holder = spawn(path.join(root, 'script/psql'), ['-qc', `begin; select from crm.lead where company_id = 1 and id = ${lead} for update; select pg_sleep(5)`],
		{ env, stdio: 'ignore' });
	await wait(400);
	const stuck = Array.from({ length: 16 }, () => new Promise((resolve) => {
		const asking = spawn('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-X', 'PATCH', '-H', `Host: ${host}:${port}`,
			'-H', `Authorization: Bearer ${bearer}`, '-H', 'Content-Type: application/json', '--data', '{"hot":true}', `${base}/api/v1/leads/${lead}`]);
		let status = '';
		asking.stdout.on('data', (part) => (status += part));
		asking.on('exit', () => resolve(status));
	}));
	await wait(400);
	const beside = quiet();
	await new Promise((resolve) => holder.on('exit', resolve));
	const statuses = await Promise.all(stuck);
	say(`p99 of another company's sign-in page (4 clients): alone ${before}; beside 16 requests of one company that wait for a locked row ` +
		`${beside}; these were answered ${[...new Set(statuses)].join(', ')}`);
}
await stop(again.child);
const stamp = path.join(root, 'build/log/bootstrap.seconds');
if (existsSync(stamp)) say(`the last script/bootstrap on this machine that had to install or build took ${readFileSync(stamp, 'utf8').trim()}`);
if (existsSync(`${data}/jar`)) writeFileSync(`${data}/jar`, '');
