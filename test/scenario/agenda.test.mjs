// The agenda by its API against the running program: the way of a visit, what an integration may get wrong, and 200
// clients who want the same times at once.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { base, key, signIn } from './http.mjs';

const SCOPES = ['agenda.read', 'agenda.write', 'patient.read', 'patient.write'];
const owner = await signIn('ianara', 'dona@ianara.test');
const api = await key(owner, SCOPES, 'Agenda de teste');
const free = await key(owner, [...SCOPES, 'agenda.encaixe'], 'Encaixes');
const reader = await key(owner, ['agenda.read'], 'Só leitura');
const aurora = await key(await signIn('aurora', 'dona@aurora.test'), SCOPES, 'Outra clínica');

const all = async (path, ask = api) => (await ask('GET', `/api/v1/${path}`)).json.data;
const dentists = (await all('dentists')).filter((d) => d.active);
const chairs = (await all('chairs')).filter((c) => c.active);
const types = await all('visit-types');
const short = types.find((t) => t.minutes === 30);

let serial = 0;
const patient = async (ask = api) => {
	const answer = await ask('POST', '/api/v1/patients', { name: `Paciente ${process.pid} ${serial++}` });
	assert.equal(answer.status, 201, answer.text);
	return answer.json.id;
};

// Days that the demonstration leaves empty; each test has one of its own.
let day = 32;
const nextDay = async () => {
	for (;;) {
		const from = new Date(Date.now() + day++ * 86400e3).toISOString().slice(0, 10);
		const path = `slots?dentist_id=${dentists[0].id}&minutes=30&step_minutes=30&limit=500&from=${from}T03:00:00Z&to=${from}T23:59:00Z`;
		const slots = await all(path);
		if (slots.length >= 14) return slots;
	}
};

const isProblem = (answer, status) => {
	assert.equal(answer.status, status, answer.text.slice(0, 400));
	assert.match(answer.headers['content-type'], /^application\/problem\+json/);
	return answer.json;
};
const book = (ask, slot, more = {}) =>
	ask('POST', '/api/v1/appointments', {
		dentist_id: slot.dentist_id,
		starts_at: slot.starts_at,
		visit_type_id: short.id,
		...more,
	});

test('a visit goes its whole way', async () => {
	const [slot, , later] = await nextDay();
	const who = await patient();
	let answer = await book(api, slot, { patient_id: who, title: 'Avaliação do siso' });

	assert.equal(answer.status, 201, answer.text);
	const visit = answer.json;
	assert.equal(answer.headers.location, `/api/v1/appointments/${visit.id}`);
	assert.match(answer.headers.etag, /^"1-/);
	assert.equal(visit.presence, 'scheduled');
	assert.equal(visit.confirmation, 'not_sent');
	assert.equal(Date.parse(visit.ends_at) - Date.parse(visit.starts_at), 1800e3);
	assert.match(visit.dentist_name, /^Dra?\. /);

	const path = `/api/v1/appointments/${visit.id}`;
	answer = await api('POST', `${path}/confirmation`, { confirmation: 'confirmed' });
	assert.equal(answer.json.confirmation, 'confirmed');
	isProblem(await api('PATCH', path, { starts_at: later.starts_at }, { 'if-match': '"1"' }), 412);
	answer = await api('PATCH', path, { starts_at: later.starts_at, note: 'trazer exames' }, { 'if-match': '"2"' });
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.json.starts_at, later.starts_at);
	assert.equal(answer.json.confirmation, 'not_sent', 'another time is confirmed anew');
	assert.equal(Date.parse(answer.json.ends_at) - Date.parse(answer.json.starts_at), 1800e3);

	answer = await api('POST', `${path}/presence`, { presence: 'arrived' });
	assert.equal(answer.json.presence, 'arrived');
	assert.ok(answer.json.arrived_at);
	assert.ok(isProblem(await api('POST', `${path}/presence`, { presence: 'in_chair' }), 422).errors[0].field, 'chair_id');
	answer = await api('POST', `${path}/presence`, { presence: 'in_chair', chair_id: chairs[0].id });
	assert.equal(answer.json.chair_name, chairs[0].name);
	answer = await api('POST', `${path}/presence`, { presence: 'done' });
	assert.ok(answer.json.dismissed_at);
	isProblem(await api('POST', `${path}/cancel`, { by: 'patient' }), 409);
	answer = await api('POST', `${path}/undo`);
	assert.equal(answer.json.presence, 'in_chair');
	assert.equal(answer.json.dismissed_at, null);
	answer = await api('POST', `${path}/cancel`, { by: 'patient', reason: 'passou mal' });
	assert.equal(answer.json.cancelled_by, 'patient');

	const changes = await all(`appointments/${visit.id}/changes`);
	assert.deepEqual(
		changes.map((c) => c.axis).reverse(),
		['made', 'confirmation', 'moved', 'presence', 'presence', 'presence', 'presence', 'presence'],
	);
	assert.equal(changes.filter((c) => c.undone).length, 1);
});

test('a list is what touches the range, narrowed by its filters', async () => {
	const [a, b] = await nextDay();
	const who = await patient();
	const first = (await book(api, a, { patient_id: who })).json;
	const second = (await book(api, b, { patient_id: who })).json;
	const ids = async (more, from = a.starts_at, to = b.ends_at) =>
		(await all(`appointments?from=${from}&to=${to}&patient_id=${who}${more}`)).map((v) => v.id);

	assert.deepEqual(await ids(''), [first.id, second.id]);
	assert.deepEqual(await ids('', a.starts_at, b.starts_at), [first.id], 'half-open');
	assert.deepEqual(await ids(`&dentist_id=${a.dentist_id}`), [first.id, second.id]);
	assert.deepEqual(await ids('&dentist_id=999999'), []);
	await api('POST', `/api/v1/appointments/${first.id}/cancel`, { by: 'clinic' });
	assert.deepEqual(await ids(''), [second.id]);
	assert.deepEqual(await ids('&cancelled=true'), [first.id, second.id]);
	isProblem(await api('GET', '/api/v1/appointments'), 422);
	isProblem(await api('GET', '/api/v1/appointments?from=2026-01-01T00:00:00Z&to=2026-12-31T00:00:00Z'), 422);
});

test('a refusal says why and what is free nearby; what it names can be booked', async () => {
	const [slot] = await nextDay();
	const who = await patient();
	assert.equal((await book(api, slot, { patient_id: who })).status, 201);
	const problem = isProblem(await book(api, slot, { patient_id: who }), 409);

	assert.match(problem.detail, /já tem consulta das \d\d:\d\d às \d\d:\d\d\.$/);
	assert.equal(problem.errors[0].field, 'starts_at');
	assert.ok(problem.nearest.length >= 3);
	for (const near of problem.nearest) assert.equal(near.dentist_id, slot.dentist_id);
	assert.equal((await book(api, problem.nearest[0], { patient_id: who })).status, 201);
	const lunch = `${slot.starts_at.slice(0, 10)}T15:15:00Z`; // 12:15 in São Paulo
	const closed = isProblem(await book(api, { ...slot, starts_at: lunch }, { patient_id: who }), 409);
	assert.match(closed.detail, /não atende/);
	assert.ok(closed.nearest.length);
	const meant = await book(api, { ...slot, starts_at: lunch }, { patient_id: who, outside_hours: true });
	assert.equal(meant.status, 201, meant.text);
	await api('POST', `/api/v1/appointments/${meant.json.id}/cancel`, { by: 'clinic' }); // for the next run
});

test('an encaixe is for those who may', async () => {
	const [slot] = await nextDay();
	const who = await patient();
	await book(api, slot, { patient_id: who });
	isProblem(await book(api, slot, { patient_id: who, encaixe: true }), 403);
	const squeezed = await book(free, slot, { patient_id: who, encaixe: true });
	assert.equal(squeezed.status, 201, squeezed.text);
	assert.equal(squeezed.json.encaixe, true);
	isProblem(await book(reader, slot, { patient_id: who }), 403);
});

test('a repetition is booked, moved and cancelled as one', async () => {
	const [slot, , other] = await nextDay();
	const who = await patient();
	const first = (await book(api, slot, { patient_id: who, rrule: 'FREQ=DAILY;COUNT=2', outside_hours: true })).json;
	const path = `/api/v1/appointments/${first.id}`;
	const visits = () =>
		all(`appointments?patient_id=${who}&from=${slot.starts_at}&to=${new Date(Date.parse(slot.starts_at) + 5 * 86400e3).toISOString().slice(0, 19)}Z`);

	assert.equal((await visits()).length, 2);
	let answer = await api('PATCH', path, { starts_at: other.starts_at, scope: 'following', outside_hours: true });
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(
		(await visits()).map((v) => v.starts_at.slice(11)),
		[other.starts_at.slice(11), other.starts_at.slice(11)],
	);
	answer = await api('POST', `${path}/cancel`, { by: 'patient', scope: 'following' });
	assert.equal((await visits()).length, 0);
	isProblem(await book(api, slot, { patient_id: who, rrule: 'FREQ=DAILY' }), 422);
});

test('what is wrong is said at its field', async () => {
	const [slot] = await nextDay();
	const who = await patient();
	for (const [field, value] of [
		['dentist_id', 999999],
		['patient_id', 999999],
		['visit_type_id', 999999],
		['chair_id', 999999],
		['branch_id', 999999],
		['starts_at', 'amanhã'],
		['ends_at', slot.starts_at],
		['rrule', 'toda terça'],
	]) {
		const problem = isProblem(await book(api, slot, { patient_id: who, [field]: value }), 422);
		assert.ok(problem.errors.some((e) => e.field === field), `${field}: ${JSON.stringify(problem)}`);
	}
	isProblem(await api('GET', '/api/v1/slots?minutes=3'), 422);
	isProblem(await api('GET', '/api/v1/slots?from=2099-01-01T00:00:00Z&to=2099-12-31T00:00:00Z'), 422);
});

test('another clinic neither sees nor touches it', async () => {
	const [slot] = await nextDay();
	const { id } = (await book(api, slot, { patient_id: await patient() })).json;
	const path = `/api/v1/appointments/${id}`;

	for (const [method, tail, body] of [
		['GET', ''],
		['PATCH', '', { note: 'x' }],
		['POST', '/cancel', { by: 'clinic' }],
		['POST', '/presence', { presence: 'arrived' }],
		['POST', '/confirmation', { confirmation: 'sent' }],
		['POST', '/undo'],
		['GET', '/changes'],
	])
		isProblem(await aurora(method, path + tail, body), 404);
	const stolen = isProblem(await book(aurora, slot, { patient_id: await patient(aurora) }), 422);
	assert.equal(stolen.errors[0].field, 'dentist_id');
	assert.equal((await api('GET', path)).json.version, 1);
});

// ---- the pages ----

const reception = await signIn('ianara', 'recepcao@ianara.test');
const manager = await signIn('ianara', 'gerente@ianara.test');
const clock = (at) => new Date(at).toLocaleString('sv-SE', { timeZone: 'America/Sao_Paulo' });
const visitForm = (slot, fields) => ({
	dentist_id: slot.dentist_id,
	date: clock(slot.starts_at).slice(0, 10),
	time: clock(slot.starts_at).slice(11, 16),
	minutes: 30,
	...fields,
});
const undone = async (who, path, html) =>
	who.post(`${path}/undo`, { version: /name="version" value="(\d+)"/.exec(html.split(`${path}/undo`)[1])[1] });

test('what the reception sees is what it takes back', async () => {
	const [slot] = await nextDay();
	const { id } = (await book(api, slot, { patient_id: await patient() })).json;
	const path = `/agenda/visits/${id}`;

	assert.equal((await reception.post(`${path}/presence`, { to: 'arrived' })).status, 303);
	const seen = (await reception.get(path)).text;
	assert.equal((await manager.post(`${path}/confirmation`, { to: 'confirmed' })).status, 303);
	const refused = await undone(reception, path, seen);
	assert.equal(refused.status, 409);
	assert.match(refused.text, /Alguém mudou esta consulta depois/);
	assert.equal((await api('GET', `/api/v1/appointments/${id}`)).json.confirmation, 'confirmed');
	assert.equal((await undone(reception, path, (await reception.get(path)).text)).status, 303);
	assert.equal((await api('GET', `/api/v1/appointments/${id}`)).json.confirmation, 'not_sent');
	assert.equal((await reception.post(`${path}/unbook`)).status, 409);
});

test('an encaixe stays one when who may not make one writes about it', async () => {
	const [slot] = await nextDay();
	const first = await book(api, slot, { patient_id: await patient() });
	const over = await book(free, slot, { patient_id: await patient(), encaixe: true });
	assert.deepEqual([first.status, over.status], [201, 201], over.text);
	const saved = await reception.post(
		`/agenda/visits/${over.json.id}`,
		visitForm(slot, { version: over.json.version, note: 'Trouxe o exame' }),
	);
	assert.equal(saved.status, 303, saved.text.slice(0, 300));
	const now = (await api('GET', `/api/v1/appointments/${over.json.id}`)).json;
	assert.deepEqual([now.encaixe, now.note], [true, 'Trouxe o exame']);
});

test('a repetition until a date says until which', async () => {
	const [slot] = await nextDay();
	const asked = visitForm(slot, { patient_id: await patient(), repeat: 'weekly', until: 'date' });
	const refused = await reception.post('/agenda/visits', asked);
	assert.equal(refused.status, 422);
	assert.match(refused.text, /Diga o último dia/);
	assert.equal((await reception.post('/agenda/visits', { ...asked, until_date: '2020-01-01' })).status, 422);
	const once = await reception.post('/agenda/visits', { ...asked, until_date: asked.date });
	assert.equal(once.status, 303, once.text.slice(0, 300));
});

test('a block of a branch is by the clock of the branch, and shows the visits of its repetitions', async () => {
	const branch = await owner.post('/settings/branches', { name: `Manaus ${process.pid}`, zone: 'America/Manaus' });
	assert.equal(branch.status, 303, branch.text.slice(0, 300));
	const select = (await manager.get('/settings/agenda/blocks/new')).text;
	const id = new RegExp(`value="(\\d+)"[^>]*>Manaus ${process.pid}<`).exec(select)[1];
	const made = await manager.post('/settings/agenda/blocks', {
		kind: 'holiday', branch_id: id, first: '2031-03-03', from: '08:00', to: '12:00', title: `Obra ${process.pid}`,
	});
	assert.equal(made.status, 303, made.text.slice(0, 300));
	const { shades } = (await manager.get(`/agenda/day.json?date=2031-03-03&branch=${id}`)).json;
	const of = shades.find((it) => it.t === `Obra ${process.pid}`);
	assert.deepEqual([of.s.slice(-5), of.e.slice(-5)], ['08:00', '12:00']);
	const [slot] = await nextDay();
	await book(api, slot, { patient_id: await patient() });
	const date = clock(slot.starts_at).slice(0, 10);
	const before = new Date(Date.parse(date) - 7 * 86400e3).toISOString().slice(0, 10);
	const shown = await manager.post('/settings/agenda/blocks', {
		kind: 'lunch', user_id: slot.dentist_id, first: before, from: '03:00', to: '03:30',
		weekdays: new Date(date).getUTCDay() || 7, until: date,
	});
	assert.equal(shown.status, 303); // at three in the morning nobody sits there
	const late = await manager.post('/settings/agenda/blocks', {
		kind: 'lunch', user_id: slot.dentist_id, first: before, from: clock(slot.starts_at).slice(11, 16), to: '23:00',
		weekdays: new Date(date).getUTCDay() || 7, until: date,
	});
	assert.equal(late.status, 409);
});

// ---- at once ----

const agent = new http.Agent({ keepAlive: true, maxSockets: 200 });
// As book, each on a connection of its own.
const wanted = (token, body) =>
	new Promise((resolve, reject) => {
		const text = JSON.stringify(body);
		const q = http.request(
			{
				agent,
				host: '127.0.0.1',
				port: base.port,
				method: 'POST',
				path: '/api/v1/appointments',
				headers: {
					host: `ianara.localhost:${base.port}`,
					authorization: token,
					'content-type': 'application/json',
					'content-length': Buffer.byteLength(text),
				},
			},
			(answer) => {
				let all = '';
				answer.on('data', (part) => (all += part));
				answer.on('end', () => resolve({ status: answer.statusCode, text: all }));
			},
		);
		q.on('error', reject);
		q.end(text);
	});

test('200 clients want the same times at once: each is had once, all others hear what is free', async (t) => {
	t.after(() => agent.destroy());
	const text = await owner.post('/settings/api-keys', { name: 'Corrida', scopes: SCOPES });
	const token = `Bearer ${/id="api-key">([^<]+)</.exec(text.text)[1]}`;
	const slots = await nextDay();
	const who = await patient();

	// 1: one slot, 200 clients
	let answers = await Promise.all(
		Array.from({ length: 200 }, () =>
			wanted(token, { dentist_id: slots[0].dentist_id, starts_at: slots[0].starts_at, patient_id: who, visit_type_id: short.id }),
		),
	);
	const count = (status) => answers.filter((a) => a.status === status).length;
	assert.deepEqual([count(201), count(409)], [1, 199], answers.find((a) => ![201, 409].includes(a.status))?.text);
	for (const a of answers) if (a.status === 409) assert.ok(JSON.parse(a.text).nearest.length >= 3);

	// 2: every dentist, chairs crosswise, times that overlap by a half
	const start = Date.parse(slots[2].starts_at);
	answers = await Promise.all(
		Array.from({ length: 200 }, (_, i) =>
			wanted(token, {
				dentist_id: dentists[i % dentists.length].id,
				chair_id: chairs[(i * 7 + (i >> 3)) % chairs.length].id,
				starts_at: new Date(start + (i % 12) * 900e3).toISOString().replace('.000', ''),
				patient_id: who,
				visit_type_id: short.id,
				outside_hours: true,
			}),
		),
	);
	assert.equal(count(201) + count(409), 200, answers.find((a) => ![201, 409].includes(a.status))?.text);
	assert.ok(count(201) >= 10, `${count(201)} booked`);
	const visits = await all(`appointments?from=${slots[0].starts_at}&to=${slots.at(-1).ends_at}`);
	for (const [i, a] of visits.entries())
		for (const b of visits.slice(i + 1))
			if (a.starts_at < b.busy_to && b.starts_at < a.busy_to) {
				assert.notEqual(a.dentist_id, b.dentist_id, 'one dentist, two visits');
				assert.ok(!a.chair_id || a.chair_id !== b.chair_id, 'one chair, two visits');
			}
	assert.equal(visits.length, 1 + count(201));
	t.diagnostic(`${count(201)} booked, ${count(409)} refused`);
});
