// The agenda under load: free slots, clients that want the same hours, and how soon 500 open pages hear of a change.
import http from 'node:http';
import net from 'node:net';
import { firstBytes, host, me, memoryKb, ms, percentile, port, psql, request, say, table, verdict, wait } from './lib.mjs';

const inDays = (n) => new Date(Date.now() + n * 86400e3).toISOString().slice(0, 10);

// Of 20 dentists whose days are nearly full, each asked alone.
export function slots() {
	const ask = (more, times) => {
		const url = `/api/v1/slots?from=${inDays(16)}T03:00:00Z&to=${inDays(105)}T03:00:00Z&${more}`;
		firstBytes(`${url}&_=[1-5]`);
		const m = firstBytes(`${url}&_=[1-${times}]`);
		if (m.statuses.some((status) => status !== '200')) throw new Error(`slots: ${m.statuses}`);
		return m;
	};
	const first = ask('minutes=30&limit=50', 60), merged = ask('minutes=240&limit=500', 40);
	say('free slots of 20 dentists, one client, ms');
	table(['', 'p50', 'p95', 'max'], [['first page of 50', ms(first.p50), ms(first.p95), ms(first.max)],
		['90 days merged, nothing free for 4 h', ms(merged.p50), ms(merged.p95), ms(merged.max)]]);
	say(`${verdict(first.p50 < 10 && merged.p50 < 30, 'first page < 10 ms, 90 days < 30 ms')}\n`);
}

// 200 clients book at once: 37 times of four dentists that overlap by halves, so that each is wanted by several.
export async function booking() {
	const dentists = JSON.parse(psql('select array_to_json(array_agg(user_id)) from agenda.dentist where company_id = 1'));
	const type = Number(psql('select min(id) from agenda.visit_type where company_id = 1 and minutes = 30'));
	const patient = Number(psql('select min(patient_id) from patient.brief where company_id = 1'));
	const day = inDays(200 + Math.floor(Math.random() * 2000));
	const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
	const began = performance.now();
	const answers = await Promise.all(Array.from({ length: 400 }, (_, i) =>
		request('POST', '/api/v1/appointments', { agent, body: JSON.stringify({ dentist_id: dentists[i % 4], patient_id: patient, visit_type_id: type,
			outside_hours: true, starts_at: new Date(Date.parse(`${day}T12:00:00Z`) + (i % 37) * 900e3).toISOString().replace('.000', '') }) })));
	const took = performance.now() - began;
	agent.destroy();
	const count = (status) => answers.filter((a) => a.status === status).length;
	const times = answers.map((a) => a.ms);
	const twice = Number(psql(`select count(*) from agenda.appointment a join agenda.appointment b on b.company_id = 1 and a.id < b.id
		and a.dentist_id = b.dentist_id and tstzrange(a.starts_at, a.busy_to) && tstzrange(b.starts_at, b.busy_to)
		where a.company_id = 1 and a.starts_at::date = '${day}' and b.starts_at::date = '${day}'`));
	say('booking, 200 clients on one day, 400 tries');
	table(['', 'tries/s', 'booked', '409 with what is free', 'others', 'p50', 'p95', 'p99'], [['', (400000 / took).toFixed(0), count(201), count(409),
		400 - count(201) - count(409), ...[50, 95, 99].map((p) => ms(percentile(times, p)))]]);
	say(`booked twice: ${twice}; ${verdict(twice === 0 && count(201) + count(409) === 400, 'each time once, everybody else a 409')}\n`);
}

// ---- 500 listeners ----

// One EventSource, by hand: node's http would cost more than what is measured.
function listen(heard) {
	return new Promise((resolve, reject) => {
		const socket = net.connect(port, '127.0.0.1');
		let text = '', open = false;
		socket.setNoDelay(true);
		socket.on('error', reject);
		socket.write(`GET /events HTTP/1.1\r\nHost: ${host}:${port}\r\nCookie: ${me.cookie}\r\nAccept: text/event-stream\r\n\r\n`);
		socket.on('data', (part) => {
			text += part;
			if (!open && text.includes('\r\n\r\n')) {
				if (!text.startsWith('HTTP/1.1 200')) return reject(new Error(text.slice(0, 60)));
				open = true;
				resolve(socket);
			}
			if (/^event: agenda$/m.test(text)) heard(socket);
			text = text.slice(-200).includes('event: agenda') ? '' : text.slice(-200);
		});
	});
}

// A receptionist notes a confirmation; the clock runs from the sending of that request, and from its answer, which comes
// after the commit.
export async function events() {
	const listeners = 500, times = 30;
	const [visit, known] = psql(`select id, confirmation from agenda.appointment where company_id = 1 and presence = 'scheduled'
		and starts_at > now() + interval '20 days' order by starts_at limit 1`).split('|');
	const words = known === 'sent' ? ['confirmed', 'sent'] : ['sent', 'confirmed']; // each of them a change
	const before = { siso: memoryKb(), nginx: memoryKb('nginx') };
	let left = 0, last = 0, done = () => {};
	const heard = () => {
		last = performance.now();
		if (--left === 0) done();
	};
	const sockets = [];
	for (let i = 0; i < listeners; i += 50) sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => listen(heard)))));
	await wait(300);
	const after = { siso: memoryKb(), nginx: memoryKb('nginx') };
	const whole = [], commit = [];
	const agent = new http.Agent({ keepAlive: true });
	for (let i = 0; i < times; i++) {
		left = listeners;
		let late;
		const all = new Promise((resolve, reject) => {
			done = resolve;
			late = setTimeout(() => reject(new Error(`${left} of ${listeners} listeners have not heard`)), 10_000);
		});
		const began = performance.now();
		const answer = await request('POST', `/api/v1/appointments/${visit}/confirmation`, { agent,
			body: JSON.stringify({ confirmation: words[i % 2] }) });
		const answered = performance.now();
		if (answer.status >= 300) throw new Error(`confirmation: ${answer.status} ${answer.text.slice(0, 200)}`);
		await all;
		clearTimeout(late);
		whole.push(last - began);
		commit.push(Math.max(0, last - answered));
		await wait(30);
	}
	agent.destroy();
	for (const socket of sockets) socket.destroy();
	say(`events: ${listeners} listeners through nginx, ${times} changes; ms until the last of them has heard`);
	table(['', 'p50', 'p95', 'max'], [['from the request', ...[50, 95, 100].map((p) => ms(percentile(whole, p)))],
		['from its answer, behind the commit', ...[50, 95, 100].map((p) => ms(percentile(commit, p)))]]);
	say(`memory a listener: program ${((after.siso - before.siso) / listeners).toFixed(1)} KB, nginx ${((after.nginx - before.nginx) / listeners).toFixed(1)} KB; ` +
		`${verdict(percentile(whole, 95) < 1000, 'within a second')}\n`);
}
