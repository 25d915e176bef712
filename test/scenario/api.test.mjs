// /api/v1 against the running program: the way of a lead by key, and everything that an integration
// may get wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { key, request, signIn, until, withKey } from './http.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const SCOPES = ['crm.read', 'crm.write', 'crm.convert', 'patient.read', 'patient.write', 'webhook.write'];

const owner = await signIn('ianara', 'dona@ianara.test');
const api = await key(owner, SCOPES, 'Integração de teste');
const reader = await key(owner, ['crm.read'], 'Só leitura');
const aurora = await key(await signIn('aurora', 'dona@aurora.test'), SCOPES, 'Outra clínica');

// A name that no other run used, so that counting it says what was saved. (The odd word comes first:
// three are searched for.)
let serial = 0;
const fresh = (word) => `${process.pid}-${Date.now().toString(36)}-${serial++} ${word}`;
const phone = () => `+55119${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;

function isProblem(answer, status, what = '') {
	assert.equal(answer.status, status, `${what}: ${answer.text.slice(0, 300)}`);
	assert.match(answer.headers['content-type'], /^application\/problem\+json/, what);
	assert.equal(answer.json.status, status, what);
	assert.ok(answer.json.type && answer.json.title, what);
	return answer.json;
}

function isBad(answer, field, what = field) {
	const problem = isProblem(answer, 422, what);
	assert.ok(
		problem.errors?.some((e) => e.field === field && e.detail),
		`${what}: no error of ${field} in ${answer.text}`,
	);
}

const made = async (body = {}) => {
	const answer = await api('POST', '/api/v1/leads', { name: fresh('Lead'), ...body });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
};
const countNamed = async (name) => {
	const answer = await api('GET', `/api/v1/leads?status=all&q=${encodeURIComponent(name)}`);
	assert.equal(answer.status, 200, answer.text);
	return answer.json.data.length;
};
const pipelines = async (ask = api) => (await ask('GET', '/api/v1/pipelines')).json.data;

// ---- the way of a lead ----

test('a lead goes its whole way by key', async () => {
	const name = fresh('Marta');
	const number = phone();
	const [pipeline] = await pipelines();
	const open = pipeline.stages.filter((s) => s.kind === 'open');

	let answer = await api('POST', '/api/v1/leads', {
		name,
		phone: number.replace(/^\+55(\d\d)(\d{5})/, '($1) $2-'),
		email: 'MARTA@Exemplo.com',
		value_cents: 2850000,
		source: 'Portal de agendamento',
		utm_campaign: 'verao',
		tags: ['implante', 'urgente'],
		expected_on: '2027-01-31',
	});
	assert.equal(answer.status, 201, answer.text);
	const lead = answer.json;
	assert.equal(answer.headers.location, `/api/v1/leads/${lead.id}`);
	assert.match(answer.headers.etag, /^"1-/);
	assert.equal(lead.phone, number);
	assert.equal(lead.email, 'marta@exemplo.com');
	assert.equal(lead.source, 'Portal de agendamento');
	assert.equal(lead.status, 'open');
	assert.equal(lead.stage_id, open[0].id);
	assert.deepEqual(lead.tags, ['implante', 'urgente']);
	assert.equal(lead.expected_on, '2027-01-31');

	answer = await api('GET', `/api/v1/leads/twins?phone=${number.slice(3)}`);
	assert.ok(answer.json.data.some((t) => t.id === lead.id && t.why === 'phone'));

	answer = await api('POST', `/api/v1/leads/${lead.id}/move`, { stage_id: open[1].id });
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.json.stage, open[1].name);

	answer = await api('POST', '/api/v1/tasks', {
		title: 'Ligar',
		due_at: '2027-01-10T14:00:00Z',
		lead_id: lead.id,
		rrule: 'FREQ=WEEKLY',
	});
	assert.equal(answer.status, 201, answer.text);
	const task = answer.json;
	assert.equal(task.due_at, '2027-01-10T14:00:00Z');
	assert.equal(task.lead, name);
	answer = await api('PATCH', `/api/v1/tasks/${task.id}`, { title: 'Ligar de novo' });
	assert.equal(answer.json.title, 'Ligar de novo');
	answer = await api('POST', `/api/v1/tasks/${task.id}/done`);
	assert.equal(answer.status, 200, answer.text);
	assert.ok(answer.json.done_at);
	answer = await api('GET', `/api/v1/leads/${lead.id}/tasks`);
	assert.equal(answer.json.data.length, 2, 'a weekly task has a follower');
	answer = await api('POST', `/api/v1/tasks/${task.id}/undo`);
	assert.equal(answer.json.done_at, null);

	answer = await api('POST', `/api/v1/leads/${lead.id}/notes`, { text: 'Prefere de manhã.' });
	assert.equal(answer.status, 204);

	const reasons = (await api('GET', '/api/v1/loss-reasons')).json.data;
	answer = await api('POST', `/api/v1/leads/${lead.id}/lose`, { loss_reason_id: reasons[0].id, loss_note: 'Caro' });
	assert.equal(answer.json.status, 'lost');
	assert.equal(answer.json.loss_reason, reasons[0].name);
	answer = await api('POST', `/api/v1/leads/${lead.id}/reopen`);
	assert.equal(answer.json.status, 'open');
	assert.equal(answer.json.stage_id, open[1].id);

	answer = await api('POST', `/api/v1/leads/${lead.id}/convert`, {});
	assert.equal(answer.status, 200, answer.text);
	assert.equal(answer.json.status, 'won');
	const patient = await api('GET', `/api/v1/patients/${answer.json.patient_id}`);
	assert.equal(patient.json.name, name);
	assert.equal(patient.json.lead_id, lead.id);
	assert.equal(patient.json.source, 'Portal de agendamento');

	answer = await api('GET', `/api/v1/leads/${lead.id}/events`);
	const kinds = answer.json.data.map((e) => e.kind);
	for (const kind of ['lead.created', 'lead.stage', 'task.created', 'task.done', 'note', 'lead.lost', 'lead.converted'])
		assert.ok(kinds.includes(kind), `${kind} is in ${kinds}`);
	assert.ok(answer.json.data.every((e) => e.user_id === null), 'a key is nobody');

	// the person at the desk sees the same lead
	const page = await owner.get(`/leads/${lead.id}`);
	assert.equal(page.status, 200);
	assert.ok(page.text.includes(name) && page.text.includes('Prefere de manhã.'));
});

test('two leads of one person become one', async () => {
	const kept = await made({ tags: ['a'], phone: phone() });
	const gone = await made({ tags: ['b'], email: 'gone@exemplo.com' });

	let answer = await api('POST', `/api/v1/leads/${kept.id}/merge`, { lead_id: gone.id });
	assert.equal(answer.status, 200, answer.text);
	assert.deepEqual(answer.json.tags, ['a', 'b']);
	assert.equal(answer.json.email, 'gone@exemplo.com');
	answer = await api('GET', `/api/v1/leads/${gone.id}`);
	assert.equal(answer.json.merged_into, kept.id);
	isProblem(await api('PATCH', `/api/v1/leads/${gone.id}`, { hot: true }), 409, 'a merged lead');
	isProblem(await api('POST', `/api/v1/leads/${gone.id}/reopen`), 409, 'a merged lead');
	isProblem(await api('POST', `/api/v1/leads/${kept.id}/merge`, { lead_id: gone.id }), 409, 'merged twice');
	isProblem(await api('POST', `/api/v1/leads/${kept.id}/merge`, { lead_id: kept.id }), 422, 'with itself');
});

test('a patient is registered, found and changed', async () => {
	const name = fresh('Paciente');
	let answer = await api('POST', '/api/v1/patients', { name, birth: '1980-05-17', phone: phone() });
	assert.equal(answer.status, 201, answer.text);
	const { id } = answer.json;
	answer = await api('GET', `/api/v1/patients?q=${encodeURIComponent(name)}`);
	assert.deepEqual(answer.json.data.map((p) => p.id), [id]);
	answer = await api('PATCH', `/api/v1/patients/${id}`, { email: 'ana@exemplo.com' });
	assert.equal(answer.json.email, 'ana@exemplo.com');
	assert.equal(answer.json.birth, '1980-05-17');
	assert.equal(answer.json.version, 2);
	const cpf = `${Math.floor(Math.random() * 1e9)}`.padStart(9, '1');
	const digit = (n) => {
		const sum = [...n].reduce((s, d, i) => s + d * (n.length + 1 - i), 0);
		return ((sum * 10) % 11) % 10;
	};
	const whole = [1, 2].reduce((n) => n + digit(n), cpf);
	answer = await api('PATCH', `/api/v1/patients/${id}`, { cpf: whole });
	assert.equal(answer.status, 200, answer.text);
	answer = await api('POST', '/api/v1/patients', { name: fresh('Outro'), cpf: whole });
	assert.ok(isProblem(answer, 409, 'the CPF of another').errors.some((e) => e.field === 'cpf'));
	const lead = await made({ cpf: whole });
	answer = await api('POST', `/api/v1/leads/${lead.id}/convert`, {});
	assert.ok(isProblem(answer, 409, 'the CPF of another').errors.some((e) => e.field === 'cpf'));
	answer = await api('POST', `/api/v1/leads/${lead.id}/convert`, { patient_id: id });
	assert.equal(answer.json.patient_id, id, answer.text);
});

test('a person may use the API with a token instead of a key', async () => {
	const anyone = withKey('ianara');
	let answer = await anyone('POST', '/api/v1/tokens', { email: 'recepcao@ianara.test', password: 'sorriso-aberto-2026' });
	assert.equal(answer.status, 201, answer.text);
	const reception = withKey('ianara', answer.json.access_token);
	answer = await reception('POST', '/api/v1/leads', { name: fresh('Por token') });
	assert.equal(answer.status, 201, answer.text);
	const events = (await reception('GET', `/api/v1/leads/${answer.json.id}/events`)).json.data;
	assert.equal(events.at(-1).user_name, 'Jéssica Lima');
	// a token is made for one company
	const token = (await anyone('POST', '/api/v1/tokens', { email: 'recepcao@ianara.test', password: 'sorriso-aberto-2026' })).json;
	isProblem(await withKey('aurora', token.access_token)('GET', '/api/v1/leads'), 401, 'a token at another company');
});

// ---- bad bodies ----

const name120 = 'é'.repeat(120);
const bodies = [
	['cut off', '{"name":"An', 400],
	['no JSON at all', 'name=Ana', 400],
	['two values', '{"name":"Ana"} {"name":"Eva"}', 400],
	['a comment', '{"name":"Ana"/*x*/}', 400],
	['a trailing comma', '{"name":"Ana",}', 400],
	['NaN', '{"name":"Ana","value_cents":NaN}', 400],
	['a byte-order mark', '\ufeff{"name":"Ana"}', 400],
	['nothing', '', 400],
	['only blanks', '   ', 400],
	['a key twice', '{"name":"Ana","name":"Eva"}', 400],
	['a key twice, escaped', '{"name":"Ana","n\\u0061me":"Eva"}', 400],
	['33 levels', `{"name":"Ana","custom":${'{"a":'.repeat(32)}1${'}'.repeat(32)}}`, 400],
	['30 000 levels', '['.repeat(30000), 400],
	['20 000 values', `{"tags":[${'1,'.repeat(19999)}1]}`, 400],
	['a number beyond double', '{"name":"Ana","value_cents":1e400}', 400],
	['a number beyond 64 bits', '{"name":"Ana","value_cents":99999999999999999999}', 400],
	['NUL in a text', '{"name":"Ana\\u0000Eva"}', 400],
	['NUL in a name', '{"na\\u0000me":"Ana"}', 400],
	['half a surrogate pair', '{"name":"Ana \\ud83d"}', 400],
	['bytes that are not UTF-8', Buffer.from('{"name":"Ana \xff\xfe"}', 'latin1'), 400],
	['overlong UTF-8', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]), 400],
	['a list', '[{"name":"Ana"}]', 422, ''],
	['a text', '"Ana"', 400],
	['null', 'null', 400],
	['no name', {}, 422, 'name'],
	['name null', { name: null }, 422, 'name'],
	['an empty name', { name: '' }, 422, 'name'],
	['a name of blanks', { name: ' \t\n ' }, 422, 'name'],
	['a name that is a number', { name: 7 }, 422, 'name'],
	['a name that is an object', { name: { first: 'Ana' } }, 422, 'name'],
	['a name too long', { name: `${name120}e` }, 422, 'name'],
	['text that turns around', { name: 'Ana \u202egnp.exe' }, 422, 'name'],
	['an escape sequence', { name: 'Ana \u001b[31m' }, 422, 'name'],
	['a field that does not exist', { name: 'Ana', is_admin: true }, 422, 'is_admin'],
	['a field of another record', { name: 'Ana', company_id: 2 }, 422, 'company_id'],
	['a field of the row', { name: 'Ana', status: 'won' }, 422, 'status'],
	['__proto__', '{"name":"Ana","__proto__":{"a":1}}', 422, '__proto__'],
	['a phone without DDD', { name: 'Ana', phone: '98765-4321' }, 422, 'phone'],
	['a phone of letters', { name: 'Ana', phone: 'call me' }, 422, 'phone'],
	['a phone as a number', { name: 'Ana', phone: 11987654321 }, 422, 'phone'],
	['an e-mail without @', { name: 'Ana', email: 'ana.exemplo.com' }, 422, 'email'],
	['an e-mail with a line end', { name: 'Ana', email: 'ana@exemplo.com\nBcc: x@y.z' }, 422, 'email'],
	['an e-mail too long', { name: 'Ana', email: `${'a'.repeat(250)}@exemplo.com` }, 422, 'email'],
	['a wrong CPF', { name: 'Ana', cpf: '111.111.111-11' }, 422, 'cpf'],
	['money as text', { name: 'Ana', value_cents: '10,00' }, 422, 'value_cents'],
	['half a cent', { name: 'Ana', value_cents: 10.5 }, 422, 'value_cents'],
	['money below nothing', { name: 'Ana', value_cents: -1 }, 422, 'value_cents'],
	['more than a billion', { name: 'Ana', value_cents: 100000000001 }, 422, 'value_cents'],
	['the largest number', '{"name":"Ana","value_cents":9223372036854775807}', 422, 'value_cents'],
	['a day that does not exist', { name: 'Ana', expected_on: '2026-02-30' }, 422, 'expected_on'],
	['a day of another age', { name: 'Ana', expected_on: '0206-02-03' }, 422, 'expected_on'],
	['a flag as text', { name: 'Ana', hot: 'yes' }, 422, 'hot'],
	['a flag as a number', { name: 'Ana', consent: 1 }, 422, 'consent'],
	['tags as text', { name: 'Ana', tags: 'a,b' }, 422, 'tags'],
	['tags of numbers', { name: 'Ana', tags: [1, 2] }, 422, 'tags'],
	['21 tags', { name: 'Ana', tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, 422, 'tags'],
	['a tag too long', { name: 'Ana', tags: ['x'.repeat(201)] }, 422, 'tags'],
	['own fields as text', { name: 'Ana', custom: '{}' }, 422, 'custom'],
	['own fields as a list', { name: 'Ana', custom: [] }, 422, 'custom'],
	['an own field that does not exist', { name: 'Ana', custom: { shoe_size: 42 } }, 422, 'custom.shoe_size'],
	['own fields too large', { name: 'Ana', custom: { a: 'x'.repeat(17000) } }, 422, 'custom'],
	['a stage that does not exist', { name: 'Ana', stage_id: 999999999 }, 422, 'stage_id'],
	['a stage below zero', { name: 'Ana', stage_id: -1 }, 422, 'stage_id'],
	['a source that does not exist', { name: 'Ana', source_id: 999999999 }, 422, 'source_id'],
	['an owner that does not exist', { name: 'Ana', owner_id: 999999999 }, 422, 'owner_id'],
	['a campaign too long', { name: 'Ana', utm_campaign: 'x'.repeat(121) }, 422, 'utm_campaign'],
];

test('a body that is wrong is told so and saves nothing', async () => {
	const total = async () => (await pipelines()).flatMap((p) => p.stages).reduce((n, s) => n + s.lead_count, 0);
	const before = await total();
	for (const [what, body, status, field] of bodies) {
		const answer = await api('POST', '/api/v1/leads', body, { 'content-type': 'application/json' });
		if (field) isBad(answer, field, what);
		else isProblem(answer, status, what);
	}
	assert.equal(await total(), before);
});

test('what a hostile name says is text and nothing else', async () => {
	const names = [
		`<script>alert(1)</script> ${fresh('x')}`,
		`"><img src=x onerror=alert(1)> ${fresh('x')}`,
		`'; drop table crm.lead; -- ${fresh('x')}`,
		`{{7*7}} \${7*7} %s%n%x ${fresh('x')}`,
		`😀 🦷 e\u0301 日本語 ${fresh('x')}`,
		`${fresh('x')} ' or '1'='1`,
		`=HYPERLINK("http://x.y") ${fresh('x')}`,
	];
	for (const name of names) {
		const lead = await made({ name, interest: name });
		assert.equal((await api('GET', `/api/v1/leads/${lead.id}`)).json.name, name);
		const page = await owner.get(`/leads/${lead.id}`);
		assert.equal(page.status, 200);
		assert.ok(!page.text.includes('<script>alert'), name);
		assert.ok(!page.text.includes('<img src=x'), name);
	}
	assert.equal((await made({ name: name120 })).name, name120);
});

test('what is no JSON is not read as JSON', async () => {
	for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])
		isProblem(await api('POST', '/api/v1/leads', '{"name":"Ana"}', { 'content-type': type }), 415, type);
	const answer = await api('POST', '/api/v1/leads', `{"name":"${fresh('Ana')}"}`, {
		'content-type': 'application/json; charset=utf-8',
	});
	assert.equal(answer.status, 201);
});

test('a body that is too large is refused as a problem', async () => {
	for (const size of [66_000, 3_000_000])
		isProblem(await api('POST', '/api/v1/leads', `{"name":"${'x'.repeat(size)}"}`), 413, `${size} bytes`);
});

test('parameters of lists are checked', async () => {
	const bad = [
		['limit=0', 'limit'], ['limit=201', 'limit'], ['limit=ten', 'limit'], ['limit=1e2', 'limit'],
		['after=x', 'after'], ['after=-1', 'after'], ['status=dead', 'status'], ['sort=color', 'sort'],
		['created_from=ontem', 'created_from'], ['stage_id=0', 'stage_id'], ['pipeline_id=99999999999999999999', 'pipeline_id'],
		[`q=${'x'.repeat(121)}`, 'q'], ['stalled=maybe', 'stalled'],
	];
	for (const [query, field] of bad) isBad(await api('GET', `/api/v1/leads?${query}`), field, query);
	for (const query of ['q=%ff', 'q=%', 'q=%00', 'q=%c0%af'])
		isProblem(await api('GET', `/api/v1/leads?${query}`), 400, query);
	for (const query of ["q=' or 1=1 --", 'q=%25', 'q=_', 'q=\\', 'tag=%27', 'sort=-value&limit=3', 'q=', 'nonsense=1'])
		assert.equal((await api('GET', `/api/v1/leads?${encodeURI(query)}`)).status, 200, query);
	isBad(await api('GET', '/api/v1/tasks?status=late'), 'status');
	isBad(await api('GET', '/api/v1/tasks?due_from=x'), 'due_from');
	isBad(await api('GET', '/api/v1/patients?limit=0'), 'limit');
	isBad(await api('GET', '/api/v1/leads/twins?phone=1'), 'phone');
});

test('an id that is none is not found', async () => {
	for (const id of ['0', '-1', '01', 'x', '1x', '1e3', '99999999999999999999', '%27', '999999999', '1%00', 'null'])
		for (const at of ['leads', 'tasks', 'patients', 'webhooks']) {
			const answer = await api('GET', `/api/v1/${at}/${id}`);
			assert.ok(answer.status === 404 || (id === '1%00' && answer.status === 400), `${at}/${id}: ${answer.status}`);
		}
	isProblem(await api('GET', '/api/v1/nothing'), 404, 'an unknown path');
	const answer = await api('PUT', '/api/v1/leads', {});
	isProblem(answer, 405, 'an unknown method');
	assert.match(answer.headers.allow, /GET.*POST/);
});

test('tasks say which field is wrong', async () => {
	const good = { title: 'Ligar', due_at: '2027-01-10T14:00:00Z' };
	const bad = [
		[{ ...good, title: '' }, 'title'], [{ ...good, title: 'x'.repeat(201) }, 'title'],
		[{ title: 'Ligar' }, 'due_at'], [{ ...good, due_at: 'tomorrow' }, 'due_at'], [{ ...good, due_at: 1795348800 }, 'due_at'],
		[{ ...good, type: 'fax' }, 'type'], [{ ...good, priority: 'urgent' }, 'priority'],
		[{ ...good, rrule: 'FREQ=SECONDLY' }, 'rrule'], [{ ...good, rrule: 'nonsense' }, 'rrule'],
		[{ ...good, remind_min: -5 }, 'remind_min'], [{ ...good, remind_min: 99999 }, 'remind_min'],
		[{ ...good, assignee_id: 999999999 }, 'assignee_id'], [{ ...good, lead_id: 999999999 }, 'lead_id'],
		[{ ...good, patient: 1 }, 'patient'],
	];
	for (const [body, field] of bad) isBad(await api('POST', '/api/v1/tasks', body), field, JSON.stringify(body));
	const task = (await api('POST', '/api/v1/tasks', good)).json;
	const lead = await made();
	isBad(await api('PATCH', `/api/v1/tasks/${task.id}`, { lead_id: lead.id }), 'lead_id');
	assert.equal((await api('POST', `/api/v1/tasks/${task.id}/done`)).status, 200);
	isProblem(await api('PATCH', `/api/v1/tasks/${task.id}`, { title: 'Tarde demais' }), 409, 'a task that is done');
});

test('what happens to a lead is checked', async () => {
	const lead = await made();
	const at = (what, body) => api('POST', `/api/v1/leads/${lead.id}/${what}`, body);
	isBad(await at('move', {}), 'stage_id');
	isBad(await at('move', { stage_id: 999999999 }), 'stage_id');
	isBad(await at('lose', {}), 'loss_reason_id');
	isBad(await at('lose', { loss_reason_id: 999999999 }), 'loss_reason_id');
	isBad(await at('notes', {}), 'text');
	isBad(await at('notes', { text: 'x'.repeat(4001) }), 'text');
	isBad(await at('notes', { text: 'a', kind: 'smoke' }), 'kind');
	isBad(await at('convert', { patient_id: 999999999 }), 'patient_id');
	isBad(await at('merge', { lead_id: 999999999 }), 'lead_id');
	const now = (await api('GET', `/api/v1/leads/${lead.id}`)).json;
	assert.equal(now.version, lead.version, 'nothing was changed');
});

// ---- changing what was read ----

test('a PATCH changes what was sent and nothing else', async () => {
	const stages = (await pipelines())[0].stages;
	const lead = await made({ phone: phone(), tags: ['a'], interest: 'Implante', source: 'Google', hot: true });
	let answer = await api('PATCH', `/api/v1/leads/${lead.id}`, { interest: 'Prótese' });
	assert.equal(answer.status, 200, answer.text);
	const same = ['version', 'interest', 'updated_at', 'touched_at'];
	for (const name of Object.keys(lead).filter((n) => !same.includes(n)))
		assert.deepEqual(answer.json[name], lead[name], name);
	assert.equal(answer.json.interest, 'Prótese');
	answer = await api('PATCH', `/api/v1/leads/${lead.id}`, { tags: [], source: 'Instagram', hot: null });
	assert.deepEqual(answer.json.tags, []);
	assert.equal(answer.json.source, 'Instagram');
	assert.equal(answer.json.hot, false);
	answer = await api('PATCH', `/api/v1/leads/${lead.id}`, { source: null, phone: null });
	assert.equal(answer.json.source, null);
	assert.equal(answer.json.phone, null);
	answer = await api('PATCH', `/api/v1/leads/${lead.id}`, { stage_id: stages[2].id });
	assert.equal(answer.json.stage, stages[2].name);
	answer = await api('PATCH', `/api/v1/leads/${lead.id}`, {});
	assert.equal(answer.status, 200);
	isBad(await api('PATCH', `/api/v1/leads/${lead.id}`, { name: null }), 'name');
	isBad(await api('PATCH', `/api/v1/leads/${lead.id}`, { nome: 'x' }), 'nome');
});

test('own fields are checked, merged and emptied', async () => {
	const keyName = `convenio_${Date.now().toString(36)}`;
	const answer0 = await owner.post('/settings/lead-fields', { key: keyName, title: `Convênio ${keyName}`, type: 'choice', choices: ['Nenhum', 'Amil'] });
	assert.ok([200, 303].includes(answer0.status), answer0.text.slice(0, 500));
	const field = (await api('GET', '/api/v1/lead-fields')).json.data.find((f) => f.title === `Convênio ${keyName}`);
	assert.ok(field, 'the field is told');
	isBad(await api('POST', '/api/v1/leads', { name: 'x', custom: { [field.key]: 'Outro' } }), `custom.${field.key}`);
	isBad(await api('POST', '/api/v1/leads', { name: 'x', custom: { [field.key]: ['Amil'] } }), `custom.${field.key}`);
	const lead = await made({ custom: { [field.key]: 'Amil' } });
	assert.equal(lead.custom[field.key], 'Amil');
	let answer = await api('PATCH', `/api/v1/leads/${lead.id}`, { custom: {} });
	assert.equal(answer.json.custom[field.key], 'Amil', answer.text);
	answer = await api('PATCH', `/api/v1/leads/${lead.id}`, { custom: { [field.key]: null } });
	assert.equal(answer.json.custom[field.key], undefined);
});

test('If-Match keeps the second writer from wiping out the first', async () => {
	for (const [at, body] of [['leads', { name: fresh('Etag') }], ['patients', { name: fresh('Etag') }],
		['tasks', { title: fresh('Etag'), due_at: '2027-02-01T10:00:00Z' }]]) {
		const { id } = (await api('POST', `/api/v1/${at}`, body)).json;
		const url = `/api/v1/${at}/${id}`;
		const change = at === 'tasks' ? { note: 'x' } : { email: 'a@exemplo.com' };
		const second = at === 'tasks' ? { note: 'y' } : { email: 'b@exemplo.com' };
		const read = await api('GET', url);
		assert.ok(read.headers.etag, at);
		assert.equal((await api('GET', url, undefined, { 'if-none-match': read.headers.etag })).status, 304);
		const first = await api('PATCH', url, change, { 'if-match': read.headers.etag });
		assert.equal(first.status, 200, first.text);
		isProblem(await api('PATCH', url, second, { 'if-match': read.headers.etag }), 412, `${at}: an old ETag`);
		isProblem(await api('PATCH', url, second, { 'if-match': '"nonsense"' }), 412, `${at}: an ETag of nobody`);
		const again = await api('PATCH', url, second, { 'if-match': first.headers.etag });
		assert.equal(again.status, 200, `${at}: the ETag of the change itself: ${again.text}`);
		assert.equal((await api('PATCH', url, change)).status, 200, `${at}: without If-Match the last wins`);
		assert.equal((await api('PATCH', url, change, { 'if-match': '*' })).status, 200, `${at}: *`);
	}
	const lead = await made();
	isProblem(await api('POST', `/api/v1/leads/${lead.id}/reopen`, undefined, { 'if-match': '"7-x"' }), 412, 'a POST');
	isProblem(await api('PATCH', `/api/v1/leads/${lead.id}`, { hot: true, version: 99 }), 409, 'the version in the body');
});

test('of ten who change the same version at once one wins', async () => {
	const lead = await made();
	const { headers } = await api('GET', `/api/v1/leads/${lead.id}`);
	const answers = await Promise.all(
		Array.from({ length: 10 }, (_, i) =>
			api('PATCH', `/api/v1/leads/${lead.id}`, { interest: `n${i}` }, { 'if-match': headers.etag }),
		),
	);
	const statuses = answers.map((a) => a.status).sort();
	assert.deepEqual(statuses, [200, ...Array(9).fill(412)]);
	assert.equal((await api('GET', `/api/v1/leads/${lead.id}`)).json.version, 2);
});

// ---- Idempotency-Key ----

test('the same POST sent twice makes one lead', async () => {
	const name = fresh('Uma vez');
	const idempotency = { 'idempotency-key': fresh('k').replace(/ /g, '-') };
	const first = await api('POST', '/api/v1/leads', { name }, idempotency);
	const second = await api('POST', '/api/v1/leads', { name }, idempotency);
	assert.equal(first.status, 201);
	assert.equal(second.status, 201);
	assert.deepEqual(second.json, first.json);
	assert.equal(second.headers.location, first.headers.location);
	assert.equal(second.headers['idempotency-replayed'], 'true');
	isProblem(await api('POST', '/api/v1/leads', { name: `${name}!` }, idempotency), 422, 'another body');
	isProblem(await api('POST', '/api/v1/tasks', { title: 'x', due_at: '2027-01-01T10:00:00Z' }, idempotency), 422, 'another path');
	assert.equal(await countNamed(name), 1);
	// an integration of its own, and another company, have keys of their own
	const other = await key(owner, SCOPES, 'Outra integração');
	assert.notEqual((await other('POST', '/api/v1/leads', { name }, idempotency)).json.id, first.json.id);
	assert.notEqual((await aurora('POST', '/api/v1/leads', { name }, idempotency)).json.id, first.json.id);
	// without an answer nothing is kept: the corrected request is a first one
	const retry = { 'idempotency-key': fresh('r').replace(/ /g, '-') };
	isProblem(await api('POST', '/api/v1/leads', { name: '' }, retry), 422, 'wrong');
	assert.equal((await api('POST', '/api/v1/leads', { name: fresh('x') }, retry)).status, 201);
	for (const bad of ['a b', 'x'.repeat(201), 'ção'])
		isProblem(await api('POST', '/api/v1/leads', { name }, { 'idempotency-key': Buffer.from(bad).toString('latin1') }), 400, bad);
});

test('the same POST twenty times at once makes one lead', async () => {
	const name = fresh('Ao mesmo tempo');
	const idempotency = { 'idempotency-key': fresh('k').replace(/ /g, '-') };
	const answers = await Promise.all(Array.from({ length: 20 }, () => api('POST', '/api/v1/leads', { name }, idempotency)));
	for (const answer of answers) assert.ok([201, 409].includes(answer.status), answer.text);
	assert.equal(new Set(answers.filter((a) => a.status === 201).map((a) => a.json.id)).size, 1);
	assert.equal(await countNamed(name), 1);
});

// ---- pages ----

test('a list is read to its end, each row once, while others write', async () => {
	const tag = fresh('pag').replace(/ /g, '-');
	const ids = [];
	for (let i = 0; i < 23; i++) ids.push((await made({ tags: [tag], value_cents: i % 4 })).id);
	for (const sort of ['', '&sort=name', '&sort=-value', '&sort=created']) {
		const seen = [];
		let after = '';
		let pages = 0;
		do {
			const answer = await api('GET', `/api/v1/leads?tag=${tag}&limit=5${sort}${after && `&after=${after}`}`);
			assert.equal(answer.status, 200, answer.text);
			seen.push(...answer.json.data.map((l) => l.id));
			after = answer.json.next ?? '';
			if (!sort && pages++ === 1) await made({ tags: [tag] }); // newer than what is read
		} while (after);
		const wanted = sort ? 24 : 23;
		assert.equal(seen.length, wanted, `sort "${sort}"`);
		assert.equal(new Set(seen).size, wanted, `sort "${sort}"`);
		if (!sort) assert.deepEqual(seen, [...ids].sort((a, b) => b - a));
	}
	for (const at of ['tasks?status=all', 'patients?q=', `leads/${ids[0]}/events?x=`]) {
		let after = '';
		const seen = [];
		do {
			const answer = await api('GET', `/api/v1/${at}&limit=2${after && `&after=${after}`}`);
			assert.equal(answer.status, 200, answer.text);
			assert.ok(answer.json.data.length <= 2);
			seen.push(...answer.json.data.map((r) => r.id));
			after = answer.json.next ?? '';
		} while (after && seen.length < 60);
		assert.equal(new Set(seen).size, seen.length, at);
	}
});

test('filters find what they say', async () => {
	const tag = fresh('filtro').replace(/ /g, '-');
	const lead = await made({ tags: [tag], utm_campaign: tag, source: 'Google', phone: '+5521998877665' });
	const other = await made({ tags: [tag] });
	const ask = async (query) => (await api('GET', `/api/v1/leads?tag=${tag}&${query}`)).json.data.map((l) => l.id);
	assert.deepEqual(await ask(`campaign=${tag}`), [lead.id]);
	assert.deepEqual(await ask(`source_id=${lead.source_id}`), [lead.id]);
	assert.deepEqual(await ask('q=99887'), [lead.id]);
	assert.deepEqual(await ask('no_task=true'), [other.id, lead.id]);
	assert.deepEqual(await ask('status=lost'), []);
	assert.deepEqual(await ask(`stage_id=${lead.stage_id}&sort=created`), [lead.id, other.id]);
	await api('POST', '/api/v1/tasks', { title: 'x', due_at: '2026-01-01T10:00:00Z', lead_id: lead.id });
	assert.deepEqual(await ask('overdue=true'), [lead.id]);
	assert.deepEqual(await ask('no_task=1'), [other.id]);
	const tasks = await api('GET', `/api/v1/tasks?lead_id=${lead.id}&due_to=2026-06-01T00:00:00Z`);
	assert.equal(tasks.json.data.length, 1);
	assert.equal(tasks.json.data[0].overdue, true);
	assert.equal((await api('GET', `/api/v1/tasks?lead_id=${lead.id}&due_from=2026-06-01T00:00:00Z`)).json.data.length, 0);
});

// ---- who may ----

test('another company does not exist', async () => {
	const lead = await made();
	const patient = (await api('POST', '/api/v1/patients', { name: fresh('Daqui') })).json;
	const task = (await api('POST', '/api/v1/tasks', { title: 'x', due_at: '2027-01-01T10:00:00Z' })).json;
	const hook = (await api('POST', '/api/v1/webhooks', { title: 'x', url: 'http://127.0.0.1:9/', events: ['lead.merged'] })).json;
	for (const url of [`leads/${lead.id}`, `leads/${lead.id}/events`, `leads/${lead.id}/tasks`, `patients/${patient.id}`,
		`tasks/${task.id}`, `webhooks/${hook.id}`])
		isProblem(await aurora('GET', `/api/v1/${url}`), 404, url);
	for (const [url, body] of [[`leads/${lead.id}`, { hot: true }], [`patients/${patient.id}`, { name: 'x' }], [`tasks/${task.id}`, { title: 'x' }]])
		isProblem(await aurora('PATCH', `/api/v1/${url}`, body), 404, url);
	const theirs = (await aurora('POST', '/api/v1/leads', { name: fresh('De lá') })).json;
	const [stage] = (await pipelines())[0].stages;
	const [reason] = (await api('GET', '/api/v1/loss-reasons')).json.data;
	isBad(await aurora('POST', '/api/v1/leads', { name: 'x', stage_id: stage.id }), 'stage_id');
	isBad(await aurora('POST', '/api/v1/leads', { name: 'x', source_id: (await api('GET', '/api/v1/sources')).json.data[0].id }), 'source_id');
	isBad(await aurora('POST', `/api/v1/leads/${theirs.id}/move`, { stage_id: stage.id }), 'stage_id');
	isBad(await aurora('POST', `/api/v1/leads/${theirs.id}/lose`, { loss_reason_id: reason.id }), 'loss_reason_id');
	isBad(await aurora('POST', `/api/v1/leads/${theirs.id}/merge`, { lead_id: lead.id }), 'lead_id');
	isBad(await aurora('POST', `/api/v1/leads/${theirs.id}/convert`, { patient_id: patient.id }), 'patient_id');
	isBad(await aurora('POST', '/api/v1/tasks', { title: 'x', due_at: '2027-01-01T10:00:00Z', lead_id: lead.id }), 'lead_id');
	assert.equal((await aurora('GET', `/api/v1/leads?status=all&q=${encodeURIComponent(lead.name)}`)).json.data.length, 0);
	assert.equal((await aurora('GET', `/api/v1/tasks?lead_id=${lead.id}&status=all`)).json.data.length, 0);
	isProblem(await aurora('DELETE', `/api/v1/webhooks/${hook.id}`), 404, 'webhook');
	assert.equal((await api('DELETE', `/api/v1/webhooks/${hook.id}`)).status, 204);
	isProblem(await api('GET', `/api/v1/webhooks/${hook.id}`), 404, 'it is gone');
});

test('a key may what it was given and nothing else', async () => {
	const lead = await made();
	assert.equal((await reader('GET', `/api/v1/leads/${lead.id}`)).status, 200);
	isProblem(await reader('POST', '/api/v1/leads', { name: 'x' }), 403, 'crm.write');
	isProblem(await reader('PATCH', `/api/v1/leads/${lead.id}`, { hot: true }), 403, 'crm.write');
	isProblem(await reader('POST', `/api/v1/leads/${lead.id}/convert`, {}), 403, 'crm.convert');
	isProblem(await reader('GET', '/api/v1/patients'), 403, 'patient.read');
	isProblem(await reader('GET', '/api/v1/webhooks'), 403, 'webhook.write');
	// the right is asked before the body is looked at
	isProblem(await reader('POST', '/api/v1/leads', '{'), 403, 'crm.write');
	// a key opens no pages that it has no scope for
	const page = await reader('GET', '/settings/users');
	assert.ok([401, 403].includes(page.status), `${page.status}`);
});

test('without a good key nothing is told', async () => {
	const tries = {
		none: undefined, 'no scheme': 'siso_x', basic: 'Basic ZG9uYTp4', empty: 'Bearer ', 'wrong key': 'Bearer siso_aaaaaaaa_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
		'no token': 'Bearer a.b.c', 'alg none': `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"1","cid":1}').toString('base64url')}.`,
		long: `Bearer siso_${'x'.repeat(4000)}`,
	};
	for (const [what, authorization] of Object.entries(tries))
		for (const [method, body] of [['GET'], ['POST', '{"name":"x"}']]) {
			const answer = await request('ianara', method, '/api/v1/leads', {
				headers: { ...(authorization ? { authorization } : {}), 'content-type': 'application/json' },
				body,
			});
			isProblem(answer, 401, what);
			assert.equal(answer.headers['www-authenticate'], 'Bearer', what);
		}
});

test('a revoked key ends within a second', async () => {
	const short = await key(owner, ['crm.read'], fresh('Curta'));
	assert.equal((await short('GET', '/api/v1/leads?limit=1')).status, 200);
	const page = await owner.get('/settings/api-keys');
	const ids = [...page.text.matchAll(/\/settings\/api-keys\/(\d+)\/revoke/g)].map((m) => Number(m[1]));
	const answer = await owner.post(`/settings/api-keys/${Math.max(...ids)}/revoke`);
	assert.equal(answer.status, 303);
	await new Promise((resolve) => setTimeout(resolve, 1500));
	isProblem(await short('GET', '/api/v1/leads?limit=1'), 401, 'revoked');
});

test('another site cannot use the cookie of somebody who is signed in', async () => {
	const cookie = [...owner.cookies].map(([n, v]) => `${n}=${v}`).join('; ');
	const post = (headers) =>
		request('ianara', 'POST', '/api/v1/leads', {
			headers: { cookie, 'content-type': 'application/json', ...headers },
			body: JSON.stringify({ name: fresh('csrf') }),
		});
	isProblem(await post({ origin: 'https://mau.exemplo.com' }), 403, 'origin');
	isProblem(await post({ 'sec-fetch-site': 'cross-site' }), 403, 'fetch site');
	isProblem(await post({}), 403, 'neither');
	assert.equal((await post({ 'sec-fetch-site': 'same-origin' })).status, 201);
});

test('limits are told in every answer, and who goes too fast waits', async () => {
	const answer = await api('GET', '/api/v1/sources');
	for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'ratelimit-policy'])
		assert.ok(answer.headers[name], name);
	// the exchange of refresh tokens is the tightest
	const anyone = withKey('ianara');
	let last;
	for (let i = 0; i < 40 && last?.status !== 429; i++)
		last = await anyone('POST', '/api/v1/tokens/refresh', { refresh_token: 'x'.repeat(20) });
	isProblem(last, 429, 'too fast');
	assert.ok(Number(last.headers['retry-after']) >= 1);
	assert.equal(last.headers['ratelimit-remaining'], '0');
	assert.equal((await anyone('POST', '/api/v1/tokens', {})).status, 422, 'another route has its own');
});

// ---- the document ----

const readDocument = async () => (await request('ianara', 'GET', '/api/v1/openapi.json')).json;

test('the document passes the linter of Redocly', async (t) => {
	const bin = path.join(here, '../node/node_modules/@redocly/cli/bin/cli.js');
	if (!fs.existsSync(bin)) return t.skip('npm ci in test/node first (script/bootstrap test)');
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-openapi-'));
	const file = path.join(folder, 'openapi.json');
	fs.writeFileSync(file, JSON.stringify(await readDocument()));
	const [error, out] = await new Promise((resolve) =>
		execFile(process.execPath, [bin, 'lint', '--extends=recommended', file], {
			cwd: folder,
			env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
		}, (e, stdout, stderr) => resolve([e, stdout + stderr])),
	);
	fs.rmSync(folder, { recursive: true });
	assert.equal(error, null, out);
});

// Just enough of JSON Schema to hold an answer against the document.
function differences(document, schema, value, at = '$') {
	if (schema.$ref) return differences(document, document.components.schemas[schema.$ref.split('/').at(-1)], value, at);
	const types = [schema.type].flat();
	const type = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
	if (!types.includes(type)) return [`${at}: ${type} is not ${types}`];
	if (type === 'array') return value.flatMap((v, i) => differences(document, schema.items, v, `${at}[${i}]`));
	if (schema.format === 'date-time' && type === 'string' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return [`${at}: ${value}`];
	if (schema.format === 'date' && type === 'string' && !/^\d{4}-\d\d-\d\d$/.test(value)) return [`${at}: ${value}`];
	if (type !== 'object' || !schema.properties) return [];
	return [
		...(schema.required ?? []).filter((n) => !(n in value)).map((n) => `${at}.${n} is missing`),
		...Object.keys(value).filter((n) => !(n in schema.properties)).map((n) => `${at}.${n} is not described`),
		...Object.keys(value).filter((n) => n in schema.properties).flatMap((n) => differences(document, schema.properties[n], value[n], `${at}.${n}`)),
	];
}

test('answers are as the document says', async () => {
	const document = await readDocument();
	const offered = (await owner.get('/settings/api-keys')).text.matchAll(/name="scopes" value="([^"]+)"/g);
	const all = await key(owner, [...new Set([...offered].map(([, scope]) => scope))], 'Documento');
	const first = async (path) => (await all('GET', `/api/v1/${path}`)).json.data[0];
	const treated = await first(`patients?q=${encodeURIComponent('Sônia Regina Barreto')}`);
	const day = new Date().toISOString().slice(0, 10);
	const span = `from=${day}T00:00:00Z&to=${day}T23:59:00Z`;
	const lead = await made({ phone: phone(), tags: ['x'], expected_on: '2027-03-01' });
	const task = (await api('POST', '/api/v1/tasks', { title: 'x', due_at: '2027-01-01T10:00:00Z', lead_id: lead.id })).json;
	const patient = (await api('POST', '/api/v1/patients', { name: fresh('Doc') })).json;
	const hook = (await api('POST', '/api/v1/webhooks', { title: 'x', url: 'http://127.0.0.1:9/', events: ['lead.merged'] })).json;
	const ids = {
		leads: lead.id,
		tasks: task.id,
		patients: patient.id,
		webhooks: hook.id,
		appointments: (await first(`appointments?${span}`)).id,
		plans: (await first(`patients/${treated.id}/plans`)).id,
	};
	const asks = { '/api/v1/appointments': `?${span}`, '/api/v1/slots': `?${span}&minutes=30` };
	let asked = 0;
	for (const [route, item] of Object.entries(document.paths)) {
		if (!item.get || /\{.*\{/.test(route)) continue; // with two ids: patient.test.mjs
		const url = route.replace('{id}', ids[route.split('/')[3]]);
		const answer = await all('GET', url + (asks[route] ?? ''));
		assert.equal(answer.status, 200, `${url}: ${answer.text}`);
		const { schema } = item.get.responses['200'].content['application/json'];
		assert.deepEqual(differences(document, schema, answer.json), [], url);
		asked++;
	}
	assert.ok(asked >= 15, `${asked} routes`);
	assert.deepEqual(document.paths['/api/v1/tokens'].post.security, [], 'signing in needs no key');
	const change = await all('PATCH', `/api/v1/leads/${lead.id}`, { hot: true });
	const { schema } = document.paths['/api/v1/leads/{id}'].patch.responses['200'].content['application/json'];
	assert.deepEqual(differences(document, schema, change.json), []);
	await api('DELETE', `/api/v1/webhooks/${hook.id}`);
});

test('the clinic sees which key did what, and which opened a chart', async () => {
	const name = fresh('Rastro');
	const traced = await key(owner, ['crm.write', 'crm.read', 'patient.read', 'patient.write'], name);
	await traced('POST', '/api/v1/leads', { name: fresh('x') });
	const patient = (await traced('POST', '/api/v1/patients', { name: fresh('x') })).json;
	assert.equal((await traced('GET', `/api/v1/patients/${patient.id}`)).status, 200);
	assert.ok((await owner.get('/settings/audit')).text.includes(`Chave de API ${name}`));
	await until(async () => /Chave de API \d+/.test((await owner.get('/settings/audit?book=reads')).text), 'the reading in the book');
});

test('people can read the reference', async () => {
	const page = await owner.get('/api/v1/docs');
	assert.equal(page.status, 200);
	for (const word of ['/api/v1/leads/{id}/move', 'Idempotency-Key', 'stages[].probability', 'problem-stale'])
		assert.ok(page.text.includes(word), word);
});
