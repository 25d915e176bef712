// What trouble costs: a restart under load, and what one company's costs another.
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { env, host, me, median, ms, port, psql, root, rounds, say, table, verdict, wait, wrk, base } from './lib.mjs';

// Answers that are not 2xx or 3xx, and broken connections.
export async function restart(program) {
	const busy = spawn('wrk', ['-t1', '-c16', '-d6s', '-H', `Host: ${host}:${port}`, '-H', `Cookie: ${me.cookie}`, `${base}/notices`]);
	let text = '';
	busy.stdout.on('data', (part) => (text += part));
	await wait(1500);
	program.child.kill('SIGHUP');
	await new Promise((resolve) => busy.on('exit', resolve));
	const bad = Number(text.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
	const errors = text.match(/Socket errors: (.*)/)?.[1] ?? 'none';
	say(`restart under load (16 connections): ${text.match(/(\d+) requests in/)[1]} requests, ${bad} refused, socket errors: ${errors}; ` +
		`${verdict(bad === 0 && errors === 'none', '0 lost')}\n`);
}

// ---- another company's p99 ----

// wrk in the background, of one company with so many connections.
const noise = (connections, s) => {
	const child = spawn('wrk', ['-t1', `-c${connections}`, `-d${s}s`, '-H', `Host: ${host}:${port}`, '-H', `Cookie: ${me.cookie}`, `${base}/funnel`]);
	return () => new Promise((resolve) => (child.exitCode === null ? child.on('exit', resolve) : resolve()));
};

// Connections that asked once and were kept.
async function idle(count) {
	const sockets = [];
	for (let i = 0; i < count; i += 100)
		sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => new Promise((resolve, reject) => {
			const socket = net.connect(port, '127.0.0.1');
			socket.on('error', reject);
			socket.once('data', () => resolve(socket));
			socket.write(`GET /login HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
		})))));
	for (const socket of sockets) socket.resume().on('error', () => {});
	return sockets;
}

// Sixteen requests that wait for a row that somebody holds; what they were answered.
async function stuck(lead, forS) {
	const holder = spawn(path.join(root, 'script/psql'),
		['-qc', `begin; select from crm.lead where company_id = 1 and id = ${lead} for update; select pg_sleep(${forS})`], { env, stdio: 'ignore' });
	await wait(400);
	const asking = Array.from({ length: 16 }, () => new Promise((resolve) => {
		const child = spawn('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-X', 'PATCH', '-H', `Host: ${host}:${port}`, '-H',
			`Authorization: Bearer ${me.bearer}`, '-H', 'Content-Type: application/json', '--data', '{"hot":true}', `${base}/api/v1/leads/${lead}`]);
		let status = '';
		child.stdout.on('data', (part) => (status += part));
		child.on('exit', () => resolve(status));
	}));
	await wait(400);
	return async () => {
		await new Promise((resolve) => (holder.exitCode === null ? holder.on('exit', resolve) : resolve()));
		return [...new Set(await Promise.all(asking))].join(', ');
	};
}

// In turns: alone, then beside each trouble. 4 clients of another company look at its sign-in page.
export async function fair(wanted) {
	const other = `c${psql('select max(id) from company.company')}.localhost`;
	const lead = Number(psql("select max(id) from crm.lead where company_id = 1 and status = 'open'"));
	const quiet = () => wrk('/login', { clients: 4, time: 2, at: `${other}:${port}`, cookie: 'none=1' });
	const found = { alone: [], idle: [], noisy: [], stuck: [] };
	let statuses = '';
	quiet();
	for (let i = 0; i < rounds; i++) {
		found.alone.push(quiet());
		const sockets = wanted.includes('fair') ? await idle(1000) : [];
		if (sockets.length) found.idle.push(quiet());
		for (const socket of sockets) socket.destroy();
		if (wanted.includes('fair')) {
			const end = noise(200, 4);
			await wait(800);
			found.noisy.push(quiet());
			await end();
		}
		if (wanted.includes('stuck')) {
			const end = await stuck(lead, 4);
			found.stuck.push(quiet());
			statuses = await end();
		}
	}
	const of = (name, key) => median(found[name].map((m) => m[key]));
	const row = (name, title) => found[name].length && [title, of(name, 'perSecond').toFixed(0), ...['p50', 'p95', 'p99'].map((key) => ms(of(name, key))),
		`${(of(name, 'p99') / of('alone', 'p99')).toFixed(1)} ×`, found[name].reduce((sum, m) => sum + m.bad, 0)];
	say("another company's sign-in page, 4 clients, medians");
	table(['', 'req/s', 'p50', 'p95', 'p99', 'p99 to alone', 'bad'], [row('alone', 'alone'), row('idle', 'beside 1 000 idle keep-alive connections'),
		row('stuck', `beside 16 requests that wait for a locked row (${statuses})`), row('noisy', 'beside a company with 200 busy connections')].filter(Boolean));
	const worst = Math.max(...['idle', 'stuck', 'noisy'].filter((name) => found[name].length).map((name) => of(name, 'p99') / of('alone', 'p99')));
	say(`${verdict(worst < 2, 'p99 < 2 ×')}\n`);
}
