// The stack that users would pick otherwise, on the same machine in the same rounds: NestJS + Prisma for the day's JSON and
// Next.js for the page, each with two processes, on a PostgreSQL of its own with as many companies, visits and visits a day.
// BASELINE is the folder of its run.sh, W where `run.sh setup` put it; both must be said.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { past } from './pages.mjs';
import { median, ms, root, rounds, run, say, table, verdict, wait, wrk } from './lib.mjs';

const { BASELINE: folder = '', W: work = '' } = process.env;
const clients = 16, seconds = 3;

async function up(port, what) {
	for (let i = 0; i < 300; i++) {
		if (await fetch(`http://127.0.0.1:${port}/hello`).then((a) => a.ok, () => false)) return;
		await wait(100);
	}
	throw new Error(`${what} did not start`);
}

const theirs = (port, url, time = seconds) => {
	const out = run('wrk', ['-t1', `-c${clients}`, `-d${time}s`, '--timeout', '20s', '-s', path.join(root, 'bench/wrk.lua'), `http://127.0.0.1:${port}${url}`]);
	const m = JSON.parse(out.match(/^figures (.*)$/m)[1]);
	return { perSecond: m.requests / (m.us / 1e6), p50: m.p50 / 1000, p95: m.p95 / 1000, p99: m.p99 / 1000, bad: m.bad };
};

export async function baseline() {
	const parts = [path.join(folder, 'run.sh'), path.join(work, 'nest/dist/main.js'), path.join(work, 'next/.next')];
	const missing = folder && work ? parts.find((part) => !existsSync(part)) : 'BASELINE and W';
	if (missing) {
		say(`reference NestJS + Prisma + Next.js: skipped, without ${missing} (BASELINE: the folder of its run.sh; W: where "run.sh setup" put it)\n`);
		return;
	}
	const bin = run('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1']).trim();
	const postgres = (verb) => run('su', ['postgres', '-c', `${bin}/pg_ctl -D ${work}/pg -l ${work}/pg/server.log -m fast -w ${verb}`], { stdio: 'ignore' });
	const shared = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', DB_HOST: `${work}/sock`, DB_PORT: process.env.PGPORT ?? '5545',
		PROCS: '2', POOL: '5' };
	const programs = [];
	const launch = (part, file, port, more) =>
		programs.push(spawn('node', [file], { cwd: path.join(work, part), env: { ...shared, PORT: String(port), ...more }, stdio: 'ignore' }));
	if (run('su', ['postgres', '-c', `${bin}/pg_ctl -D ${work}/pg status || :`]).includes('no server running')) postgres('start');
	try {
		launch('nest', 'dist/main.js', 7414, { ADAPTER: 'fastify' });
		await up(7414, 'NestJS');
		launch('next', 'server.mjs', 7422, { API: 'http://127.0.0.1:7414' });
		await up(7422, 'Next.js');
		await compare();
	} finally {
		for (const program of programs) program.kill('SIGTERM');
		await wait(300);
		postgres('stop');
	}
}

async function compare() {
	const day = new Date(Date.parse(past) + 86400e3).toISOString().slice(0, 10);
	const jobs = [
		{ kind: 'json', title: 'NestJS + Prisma: JSON of the day', ask: () => theirs(7414, '/json?c=1&d=100') },
		{ kind: 'json', title: 'Siso: JSON of the day, as the API lists it', ours: `/api/v1/appointments?from=${past}T03:00:00Z&to=${day}T03:00:00Z&limit=50` },
		{ kind: 'json', title: 'Siso: JSON of the day, as its page asks for it', ours: `/agenda/day.json?date=${past}` },
		{ kind: 'page', title: 'Next.js: table of the day', ask: () => theirs(7422, '/agenda?c=1&d=100') },
		{ kind: 'page', title: 'Siso: table of the day (to print)', ours: `/agenda/print?day=${past}` },
		{ kind: 'page', title: 'Siso: the agenda, whole page', ours: `/agenda?date=${past}` },
	];
	for (const job of jobs) job.ask ??= () => wrk(job.ours, { clients, time: seconds, coding: 'identity' });
	for (const job of jobs) (job.found = []), job.ask(); // warm: plans, connections, their compilers
	theirs(7422, '/agenda?c=1&d=100', 5);
	for (let i = 0; i < Math.min(rounds, 3); i++) for (const job of jobs) job.found.push(job.ask());
	const of = (job, key) => median(job.found.map((m) => m[key]));
	const first = (kind) => jobs.find((job) => job.kind === kind);
	const times = (job) => of(job, 'perSecond') / of(first(job.kind), 'perSecond');
	say(`beside NestJS 12 (fastify) + Prisma 7 and Next.js 16, two processes each, ${clients} clients; theirs without sign-in, permissions and log; neither compresses`);
	table(['', 'req/s', 'p50', 'p95', 'p99', 'times', 'bad'], jobs.map((job) => [job.title, of(job, 'perSecond').toFixed(0),
		...['p50', 'p95', 'p99'].map((key) => ms(of(job, key))), `${times(job).toFixed(1)} ×`, job.found.reduce((sum, m) => sum + m.bad, 0)]));
	say(`JSON: ${verdict(times(jobs[1]) >= 8, '≥ 8 ×')}; page: ${verdict(times(jobs[4]) >= 40, '≥ 40 × (the same table)')}, ` +
		`${verdict(times(jobs[5]) >= 40, '≥ 40 × (the whole page)')}\n`);
}
