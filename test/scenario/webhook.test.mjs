// Webhooks against the running program and a receiver of our own: what arrives, signed so that Stripe's
// library verifies it; what is tried again; what the log shows.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { key, pause, signIn, until } from './http.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.join(here, '../node');
const Stripe = fs.existsSync(path.join(folder, 'node_modules/stripe'))
	? createRequire(path.join(folder, 'package.json'))('stripe')
	: null;
const verify = (body, signature, secret) => new Stripe('sk_test_none').webhooks.constructEvent(body, signature, secret);
const needsStripe = { skip: Stripe ? false : 'npm ci in test/node first (script/bootstrap test)' };

// The receiver: each path has its own answers, first to last; the last one stays.
const got = [];
const answers = new Map();
const receiver = http.createServer((q, r) => {
	const parts = [];
	q.on('data', (part) => parts.push(part));
	q.on('end', () => {
		const body = Buffer.concat(parts).toString('utf8');
		got.push({ path: q.url, method: q.method, headers: q.headers, body, at: Date.now() });
		const list = answers.get(q.url) ?? [200];
		const answer = list.length > 1 ? list.shift() : list[0];
		if (answer === 'hang up') return q.socket.destroy();
		r.writeHead(answer, answer === 302 ? { location: `http://127.0.0.1:${receiver.address().port}/elsewhere` } : {});
		r.end('ok');
	});
});
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
after(() => {
	receiver.closeAllConnections?.();
	receiver.close();
});

const owner = await signIn('ianara', 'dona@ianara.test');
const api = await key(owner, ['crm.read', 'crm.write', 'crm.convert', 'patient.read', 'webhook.write'], 'Webhooks');
const hooks = [];
let serial = 0;
const name = (word) => `${word} ${Date.now().toString(36)}-${serial++}`;

// An endpoint made on the page, as a person does. Returns its page's address, secret and path.
async function hook(events, list) {
	const at = `/hook-${serial++}`;
	if (list) answers.set(at, list);
	const answer = await owner.post('/settings/webhooks', {
		title: name('Receptor'),
		url: `http://127.0.0.1:${receiver.address().port}${at}`,
		events,
	});
	assert.equal(answer.status, 303, answer.text.slice(0, 300));
	const page = answer.headers.location;
	hooks.push(page);
	const secret = /whsec_[\w-]+/.exec((await owner.get(page)).text)[0];
	return { at, page, secret, seen: () => got.filter((g) => g.path === at) };
}
after(async () => {
	await owner.get('/settings/webhooks');
	for (const page of hooks) await owner.post(`${page}/remove`);
});

const arrived = (h, count = 1, ms = 20_000) =>
	until(() => (h.seen().length >= count ? h.seen() : null), `delivery ${count} at ${h.at}`, ms);
const lead = async (body = {}) => {
	const answer = await api('POST', '/api/v1/leads', { name: name('Lead'), ...body });
	assert.equal(answer.status, 201, answer.text);
	return answer.json;
};

test('a new lead arrives as the API shows it, signed', needsStripe, async () => {
	const h = await hook(['lead.created']);
	const made = await lead({ name: name('João "Zé" <b>çã</b> 😀'), phone: '(11) 98765-0000', tags: ['a'] });
	const [request] = await arrived(h);
	assert.equal(request.method, 'POST');
	assert.equal(request.headers['content-type'], 'application/json');
	assert.equal(request.headers['siso-event'], 'lead.created');
	assert.match(request.headers['siso-delivery'], /^\d+$/);
	const event = verify(request.body, request.headers['siso-signature'], h.secret);
	assert.equal(event.event, 'lead.created');
	assert.ok(Math.abs(event.at - Date.now() / 1000) < 60);
	assert.deepEqual(event.data, made);
	// a body that was changed, another secret, and an old time are no signature
	const signature = request.headers['siso-signature'];
	assert.throws(() => verify(request.body.replace('"open"', '"won"'), signature, h.secret), /signature/i);
	assert.throws(() => verify(request.body, signature, 'whsec_other'), /signature/i);
	assert.throws(() => verify(request.body, signature.replace(/t=\d+/, 't=1'), h.secret));
});

test('each event is told with its own data, in order, to those who listen', async () => {
	const all = await hook([]);
	const lost = await hook(['lead.lost']);
	const a = await lead();
	const b = await lead();
	const stages = (await api('GET', '/api/v1/pipelines')).json.data[0].stages;
	const reason = (await api('GET', '/api/v1/loss-reasons')).json.data[0];
	await api('PATCH', `/api/v1/leads/${a.id}`, { interest: 'Implante' });
	await api('POST', `/api/v1/leads/${a.id}/move`, { stage_id: stages[1].id });
	await api('POST', `/api/v1/leads/${a.id}/lose`, { loss_reason_id: reason.id, loss_note: 'Longe' });
	await api('POST', `/api/v1/leads/${a.id}/reopen`);
	await api('POST', `/api/v1/leads/${a.id}/merge`, { lead_id: b.id });
	await api('POST', `/api/v1/leads/${a.id}/convert`, {});
	const task = (await api('POST', '/api/v1/tasks', { title: 'Ligar', due_at: '2027-01-01T10:00:00Z', lead_id: a.id, rrule: 'FREQ=DAILY' })).json;
	const done = (await api('POST', `/api/v1/tasks/${task.id}/done`)).json;
	const wanted = ['lead.created', 'lead.created', 'lead.updated', 'lead.moved', 'lead.lost', 'lead.reopened', 'lead.merged',
		'lead.converted', 'patient.created', 'task.created', 'task.created', 'task.done'];
	const seen = await arrived(all, wanted.length, 40_000);
	const events = seen.map((g) => JSON.parse(g.body));
	assert.deepEqual(events.map((e) => e.event).sort(), [...wanted].sort());
	const of = (event) => events.filter((e) => e.event === event).map((e) => e.data);
	assert.equal(of('lead.updated')[0].interest, 'Implante');
	assert.equal(of('lead.moved')[0].stage, stages[1].name);
	assert.equal(of('lead.lost')[0].loss_reason, reason.name);
	assert.equal(of('lead.lost')[0].loss_note, 'Longe');
	assert.equal(of('lead.merged')[0].id, a.id);
	assert.ok(of('lead.converted')[0].patient_id);
	assert.ok(of('task.created').some((t) => t.id === task.id && t.title === 'Ligar' && t.lead === a.name));
	assert.deepEqual(of('task.done')[0], done);
	await pause(500);
	assert.deepEqual(lost.seen().map((g) => JSON.parse(g.body).event), ['lead.lost']);
	assert.equal(new Set(seen.map((g) => g.headers['siso-delivery'])).size, seen.length);
});

test('what was refused is told to nobody', async () => {
	const h = await hook([]);
	await api('POST', '/api/v1/leads', { name: '' });
	await api('POST', '/api/v1/leads', { name: 'x', stage_id: 999999999 });
	const made = await lead();
	await api('PATCH', `/api/v1/leads/${made.id}`, { hot: true }, { 'if-match': '"99"' });
	await arrived(h);
	await pause(1500);
	assert.deepEqual(h.seen().map((g) => JSON.parse(g.body).data.id), [made.id]);
});

test('another company is told nothing', async () => {
	const h = await hook([]);
	const aurora = await key(await signIn('aurora', 'dona@aurora.test'), ['crm.read', 'crm.write'], 'x');
	assert.equal((await aurora('POST', '/api/v1/leads', { name: name('De lá') })).status, 201);
	const made = await lead();
	await arrived(h);
	await pause(1500);
	assert.deepEqual(h.seen().map((g) => JSON.parse(g.body).data.id), [made.id]);
});

test('a receiver that fails is asked again, and the log says so; a resend is the same body', needsStripe, async () => {
	const h = await hook(['lead.created'], [500, 200]);
	await lead();
	const [first] = await arrived(h);
	await until(async () => (await owner.get(h.page)).text.includes('respondeu 500'), 'the failure in the log');
	assert.match((await owner.get(h.page)).text, /Tentando/);
	const [, second] = await arrived(h, 2, 60_000); // ten seconds later
	assert.equal(second.body, first.body);
	assert.equal(second.headers['siso-delivery'], first.headers['siso-delivery']);
	verify(second.body, second.headers['siso-signature'], h.secret);
	assert.notEqual(second.headers['siso-signature'], first.headers['siso-signature'], 'signed at its own time');
	await until(async () => /Entregue[\s\S]*HTTP 200[\s\S]*2 tentativas/.test((await owner.get(h.page)).text), 'the delivery in the log');
	assert.match((await owner.get('/settings/webhooks')).text, new RegExp(h.page));

	const delivery = first.headers['siso-delivery'];
	const answer = await owner.post(`${h.page}/resend`, { delivery });
	assert.equal(answer.status, 303, answer.text.slice(0, 200));
	const [, , third] = await arrived(h, 3);
	assert.equal(third.body, first.body);
	verify(third.body, third.headers['siso-signature'], h.secret);
	// a delivery of another endpoint, or of none, is not sent again
	const other = await hook(['lead.lost']);
	assert.equal((await owner.post(`${other.page}/resend`, { delivery })).status, 404);
	assert.equal((await owner.post(`${h.page}/resend`, { delivery: 999999999 })).status, 404);
	assert.equal((await owner.post(`${h.page}/resend`, { delivery: 'x' })).status, 422);
});

test('a redirect is not followed, and a receiver that hangs up is told as such', async () => {
	const moved = await hook(['lead.created'], [302]);
	const gone = await hook(['lead.created'], ['hang up']);
	await lead();
	await arrived(moved);
	await arrived(gone);
	await until(async () => (await owner.get(moved.page)).text.includes('respondeu 302'), 'the redirect in the log');
	await until(async () => (await owner.get(gone.page)).text.includes('Sem resposta do outro sistema.'), 'the silence in the log');
	assert.equal(got.filter((g) => g.path === '/elsewhere').length, 0);
});

test('a paused or removed endpoint hears nothing', async () => {
	const h = await hook(['lead.created']);
	const removed = await hook(['lead.created']);
	const control = await hook(['lead.created']);
	const url = `http://127.0.0.1:${receiver.address().port}${h.at}`;
	assert.equal((await owner.post(h.page, { title: 'Pausado', url, events: 'lead.created' })).status, 303);
	assert.equal((await owner.post(`${removed.page}/remove`)).status, 303);
	await lead();
	await arrived(control);
	await pause(1000);
	assert.equal(h.seen().length, 0);
	assert.equal(removed.seen().length, 0);
	assert.equal((await owner.get(removed.page)).status, 404);
});

test('an integration sets up its own endpoint', needsStripe, async () => {
	const at = `/hook-${serial++}`;
	const made = await api('POST', '/api/v1/webhooks', { title: name('Por API'), url: `http://127.0.0.1:${receiver.address().port}${at}`, events: ['lead.created'] });
	assert.equal(made.status, 201, made.text);
	const { id } = made.json;
	assert.ok(!made.text.includes('whsec_'), 'an answer that is kept for repeats has no secret');
	const shown = await api('GET', `/api/v1/webhooks/${id}`);
	assert.match(shown.json.secret, /^whsec_/);
	assert.equal(shown.headers['cache-control'], 'no-store');
	await lead();
	const [request] = await until(() => { const s = got.filter((g) => g.path === at); return s.length ? s : null; }, 'the delivery');
	verify(request.body, request.headers['siso-signature'], shown.json.secret);
	const list = (await api('GET', '/api/v1/webhooks')).json.data;
	assert.ok(list.some((w) => w.id === id && w.active && !('secret' in w)));
	assert.equal((await api('DELETE', `/api/v1/webhooks/${id}`)).status, 204);
	for (const [body, field] of [[{ title: 'x', url: 'ftp://exemplo.com' }, 'url'], [{ title: 'x', url: 'nonsense' }, 'url'],
		[{ title: 'x', url: 'https://a:b@exemplo.com/' }, 'url'], [{ url: 'https://exemplo.com' }, 'title'],
		[{ title: 'x', url: 'https://exemplo.com', events: ['lead.exploded'] }, 'events'],
		[{ title: 'x', url: `https://exemplo.com/${'x'.repeat(500)}` }, 'url']]) {
		const answer = await api('POST', '/api/v1/webhooks', body);
		assert.equal(answer.status, 422, answer.text);
		assert.ok(answer.json.errors.some((e) => e.field === field), `${field} in ${answer.text}`);
	}
});
