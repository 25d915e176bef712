// The walls, route by route: another company's ids are not found, nobody gets in without signing in,
// nothing is changed without the form's token, and a role does what it may. The routes are those of
// `siso routes`, so a new one is tested without a line here, unless it needs a new kind of id.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formBody, key, request, signIn, until } from './http.mjs';
import { chairMakers, chairWithout } from './tenancy_chair.mjs';
import { doorMakers, doorsWithout } from './tenancy_doors.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const siso = [process.env.SISO_BIN, '../../build/debug/src/siso', '../../build/release/src/siso']
	.filter(Boolean)
	.map((file) => path.resolve(here, file))
	.find((file) => fs.existsSync(file));

const routes = execFileSync(siso, ['routes'], { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } })
	.trim()
	.split('\n')
	.map((line) => {
		const [method, route, perm, feature, module] = line.split(/\s+/);
		return { method, route, perm, feature, module, api: route.startsWith('/api/'), name: `${method} ${route}` };
	});

// Stands in every name that this test writes in company A: company B may never read it.
const SECRET = `Sigilo${Date.now().toString(36)}`;
const SCOPES = [
	...['crm.read', 'crm.write', 'crm.convert', 'patient.read', 'patient.write', 'webhook.write', 'agenda.read', 'agenda.write'],
	...['patient.clinical', 'patient.anamnesis', 'patient.image', 'treatment.read', 'treatment.write', 'treatment.quote', 'treatment.plan'],
];

const a = await signIn('ianara', 'dona@ianara.test');
const b = await signIn('aurora', 'dona@aurora.test');
const keyA = await key(a, SCOPES, `Chave ${SECRET}`);
const keyB = await key(b, SCOPES, 'Chave da outra');
let serial = 0;
const secret = () => `${SECRET} ${++serial}`; // names of some things may stand once only
const NOWHERE = 'http://127.0.0.1:9/'; // refuses at once; no test calls the world outside
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const last = (text, pattern) => {
	const found = [...text.matchAll(pattern)].map((m) => m[1]);
	return found.sort((x, y) => x - y).at(-1);
};
// POST a form of company A and find what it made: in the answer's address, or on the page `on`.
async function made(url, fields, on, pattern) {
	const answer = await a.post(url, fields);
	assert.ok([200, 303].includes(answer.status), `POST ${url}: ${answer.status} ${answer.text.slice(0, 400)}`);
	const text = (answer.headers.location ?? '') + (on ? (await a.get(on)).text : answer.text);
	const id = last(text, pattern);
	assert.ok(id, `${url}: nothing like ${pattern} on ${on ?? 'the answer'}`);
	return id;
}
const byKey = async (ask, url, body) => {
	const answer = await ask('POST', url, body);
	assert.equal(answer.status, 201, `${url}: ${answer.text}`);
	return answer.json.id;
};
const firstOf = async (ask, url, pick = (row) => row.id) => pick((await ask('GET', url)).json.data[0]);

// What a body of company B names is B's own, so that only the id in the path is not.
const phone = '(11) 98765-4321';
const ownOf = async (ask, word) => ({
	stage: await firstOf(ask, '/api/v1/pipelines', (p) => p.stages[1].id),
	reason: await firstOf(ask, '/api/v1/loss-reasons'),
	lead: await byKey(ask, '/api/v1/leads', { name: `Lead ${word}` }),
	patient: await byKey(ask, '/api/v1/patients', { name: `Paciente ${word}` }),
});
const own = new Map([[a, await ownOf(keyA, SECRET)], [b, await ownOf(keyB, 'da outra')]]);

// ---- one of each in company A ----

const lead = () => byKey(keyA, '/api/v1/leads', { name: `Lead ${SECRET}`, phone });
const task = async () => byKey(keyA, '/api/v1/tasks', { title: `Tarefa ${SECRET}`, due_at: '2027-01-01T10:00:00Z', lead_id: await lead() });
const patient = () => byKey(keyA, '/api/v1/patients', { name: `Paciente ${SECRET}` });
const webhook = () => byKey(keyA, '/api/v1/webhooks', { title: `Webhook ${SECRET}`, url: `${NOWHERE}${SECRET}`, events: ['lead.merged'] });
const stageA = await firstOf(keyA, '/api/v1/pipelines', (p) => p.stages[0].id);

async function notice() {
	const manager = await signIn('ianara', 'gerente@ianara.test');
	const about = await lead();
	await manager.get(`/leads/${about}`);
	const answer = await manager.post(`/leads/${about}/notes`, { text: `@Ianara veja ${SECRET}` });
	assert.equal(answer.status, 303);
	return last((await a.get('/notices')).text, /\/notices\/(\d+)/g);
}

async function importOf() {
	const answer = await a.send('PUT', '/leads/import', {
		headers: { 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin' },
		body: `Nome;Telefone\nImportado ${SECRET};11987650000\n`,
	});
	assert.ok([200, 204, 303].includes(answer.status), answer.text.slice(0, 300));
	return last(JSON.stringify(answer.headers) + answer.text, /\/leads\/import\/(\d+)/g);
}

// The token in a mail that the program wrote; the development transport shows it.
async function inviteToken() {
	const email = `${SECRET.toLowerCase()}@exemplo.com`;
	await made('/settings/users/invite', { email, name: `Convite ${SECRET}`, role: 'reception' }, '/settings/users', /invitations\/(\d+)\/again/g);
	return until(async () => {
		const list = (await a.get('/dev/mail')).text;
		for (const id of [...new Set([...list.matchAll(/\/dev\/mail\/([\w.-]+)/g)].map((m) => m[1]))].slice(0, 5)) {
			const mail = (await a.get(`/dev/mail/${id}`)).text;
			const token = /\/invite\/([\w-]{20,})/.exec(mail)?.[1];
			if (token && mail.includes(SECRET)) return token;
		}
		return null;
	}, 'the invitation by mail', 30_000);
}

const page = (url, pattern) => async () => last((await a.get(url)).text, pattern);
// Path up to the id → how to get one of company A. The longest that fits is taken.
const makers = {
	...doorMakers(a, 'ianara', secret),
	...chairMakers(a, keyA, patient, secret),
	'/api/v1/leads/': lead,
	'/api/v1/tasks/': task,
	'/api/v1/patients/': patient,
	'/api/v1/webhooks/': webhook,
	'/leads/': lead,
	'/leads/views/': () => made('/leads/views', { name: `Visão ${secret()}`, query: '', shared: '1' }, undefined, /view=(\d+)/g),
	'/leads/import/': importOf,
	'/tasks/': task,
	'/patients/': patient,
	'/notices/': notice,
	'/f/': async () => {
		const id = last((await a.get('/settings/forms')).text, /\/settings\/forms\/(\d+)/g);
		return /\/f\/([\w-]{16,})/.exec((await a.get(`/settings/forms/${id}`)).text)?.[1];
	},
	'/invite/': inviteToken,
	'/settings/webhooks/': webhook,
	'/settings/branches/': () => made('/settings/branches', { name: `Unidade ${secret()}`, zone: 'America/Sao_Paulo' }, '/settings/branches', /\/settings\/branches\/(\d+)/g),
	'/settings/account/sessions/': async () => {
		await signIn('ianara', 'dona@ianara.test'); // only another session than one's own can be ended
		return page('/settings/account', /sessions\/(\d+)\/end/g)();
	},
	'/settings/users/invitations/': () =>
		made('/settings/users/invite', { email: `outra${++serial}.${SECRET.toLowerCase()}@exemplo.com`, name: SECRET, role: 'reception' }, '/settings/users', /invitations\/(\d+)\/again/g),
	'/settings/users/': page('/settings/users', /\/settings\/users\/(\d+)/g),
	'/settings/api-keys/': () => made('/settings/api-keys', { name: `Chave ${secret()}`, scopes: 'crm.read' }, '/settings/api-keys', /api-keys\/(\d+)\/revoke/g),
	'/settings/funnels/': () => made('/settings/funnels', { name: `Funil ${secret()}` }, '/settings/funnels', /\/settings\/funnels\/(\d+)/g),
	'/settings/stages/': async () => stageA,
	'/settings/automations/': () =>
		made(`/settings/automations?stage=${stageA}`, { timing: 'after', after_days: 300, action: 'notify', notify_text: SECRET }, `/settings/automations?stage=${stageA}`, /\/settings\/automations\/(\d+)/g),
	'/settings/forms/': () =>
		made('/settings/forms', { title: `Formulário ${SECRET}`, thanks: 'Obrigado', consent_text: 'Aceito' }, '/settings/forms', /\/settings\/forms\/(\d+)/g),
	'/settings/sources/': () => made('/settings/sources', { name: `Origem ${secret()}` }, '/settings/lead-lists', /\/settings\/sources\/(\d+)/g),
	'/settings/loss-reasons/': () => made('/settings/loss-reasons', { name: `Motivo ${secret()}` }, '/settings/lead-lists', /\/settings\/loss-reasons\/(\d+)/g),
	'/settings/lead-fields/': () => made('/settings/lead-fields', { title: `Campo ${secret()}`, type: 'text' }, '/settings/lead-lists', /\/settings\/lead-fields\/(\d+)/g),
	'/switch/': async () => '1',
};

// Not of one company, or not to be had here; each says why.
const without = {
	...doorsWithout,
	...chairWithout,
	'/dev/mail/:id': 'the mails of a whole installation, in development only',
	'/leads/exports/:id': 'made by a job for more than 2 000 leads only; the wall of crm.batch is tested with the tables',
	'/reset/:token': 'belongs to a person, not to a company',
	'/reports/crm/:table': 'a figure by its name, the same for all; what it holds is looked at below',
};

after(async () => {
	for (const ask of [keyA, keyB])
		for (const { id, url } of (await ask('GET', '/api/v1/webhooks')).json?.data ?? [])
			if (url.startsWith(NOWHERE)) await ask('DELETE', `/api/v1/webhooks/${id}`);
});

const known = new Map();
async function idFor(route) {
	const prefix = Object.keys(makers)
		.filter((p) => route.startsWith(`${p}:`))
		.sort((x, y) => y.length - x.length)[0];
	assert.ok(prefix, `${route}: tell the makers of test/scenario/tenancy.test.mjs how company A gets one of these`);
	if (!known.has(prefix)) known.set(prefix, await makers[prefix]());
	assert.ok(known.get(prefix), `${route}: company A has none`);
	return known.get(prefix);
}

// Good values under every name that some form knows; forms leave alone what they do not know.
const fieldsOf = (mine) => ({
	name: 'Outra', title: 'Outra', text: 'Outra', thanks: 'Obrigado', consent_text: 'Aceito', note: 'Outra', kind: 'note',
	zone: 'America/Sao_Paulo', phone, email: 'outra@exemplo.com', role: 'reception', version: 1, active: 1, color: 'blue',
	probability: 10, stalled_days: 5, stage: mine.stage, stage_id: mine.stage, loss_reason_id: mine.reason, patient: 0,
	gone: mine.lead, url: `${NOWHERE}b`, due_at: '2027-01-01T10:00', type: 'call', ids: mine.stage, icon: 'globe',
	timing: 'after', after_days: 200, action: 'notify', notify_text: 'Outra', mode: 'turns', due: 1, due_unit: 'hours',
	delivery: 1, query: '', password: 'sorriso-aberto-2026', sure: 1, twins: 'skip', choices: 'x', held: 1,
});
const jsonOf = (mine) => ({ ...fieldsOf(mine), patient_id: mine.patient, lead_id: mine.lead, due_at: '2027-01-01T10:00:00Z' });
const document = (await request('ianara', 'GET', '/api/v1/openapi.json')).json;

// Words that one form takes and another does not.
const words = [
	[/^\/settings\/lead-fields/, { type: 'text' }],
	[/\/(family|contacts)$/, { kind: 'mother' }],
	[/\/(cards|insurance)$/, { insurer: 'Outro' }],
	[/\/(chart|acts)\b/, { kind: 'planned' }],
	[/\/visits\/:id\/time$/, { start: '2027-01-04T10:00', minutes: 30 }],
	[/^\/settings\/recalls/, { words: 'outra', months: 6 }],
	[/^\/privacy-requests/, { answer: 'Outra' }],
	[/^\/incidents\/:id$/, { title: 'Outro', what: 'x', data: 'x', known_at: '2026-03-11T10:00', risk: 'open' }],
];
const fieldsFor = (r, mine) => Object.assign(fieldsOf(mine), ...words.filter(([route]) => route.test(r.route)).map(([, more]) => more));

// What the document says that the body must have; a PATCH gets one member.
function bodyFor({ method, route }, mine) {
	const operation = document.paths[route.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
	const ref = operation?.requestBody?.content['application/json']?.schema.$ref;
	if (!ref) return undefined;
	const schema = document.components.schemas[ref.split('/').at(-1)];
	const names = schema.required ?? [['name', 'title'].find((n) => n in schema.properties)].filter(Boolean);
	const values = { ...jsonOf(mine), ...Object.assign({}, ...words.filter(([known]) => known.test(route)).map(([, more]) => more)) };
	return JSON.stringify(Object.fromEntries(names.map((n) => [n, values[n]])));
}

// Ask as a person would. csrf: the token that is sent with it, if any.
async function ask(person, r, url, csrf = person.csrf, extra = {}) {
	const mine = own.get(person) ?? own.get(a);
	if (r.method === 'GET') return person.send('GET', url);
	if (r.method === 'PUT') return person.send('PUT', url, { headers: { 'content-type': 'text/csv', ...extra }, body: 'Nome\nAna\n' });
	if (r.api) {
		const body = bodyFor(r, mine);
		return person.send(r.method, url, { headers: { 'content-type': 'application/json', ...extra }, body });
	}
	return person.send(r.method, url, { headers: { ...FORM, ...extra }, body: formBody({ ...fieldsFor(r, mine), ...(csrf ? { csrf } : {}) }) });
}

const withId = routes.filter((r) => r.route.includes(':') && !(r.route in without));
const SAME = { 'sec-fetch-site': 'same-origin' };

test('the routes are those of the program that runs', () => {
	const described = Object.keys(document.paths).sort();
	const listed = [...new Set(routes.filter((r) => r.api).map((r) => r.route.replace(/:(\w+)/g, '{$1}')))];
	const hidden = ['/api/v1/docs', '/api/v1/openapi.json']; // describe the others
	assert.deepEqual(listed.filter((r) => !hidden.includes(r)).sort(), described, `${siso} is not what answers`);
});

test('the ids of another company are not found', async (t) => {
	for (const r of withId)
		await t.test(r.name, async () => {
			const id = await idFor(r.route);
			const url = r.route.replace(/:\w+/g, id);
			await b.get('/settings/account');
			const answer = await ask(b, r, url, b.csrf, SAME);
			const allowed = r.route.startsWith('/switch') ? [403, 404] : [404];
			assert.ok(allowed.includes(answer.status), `${r.method} ${url} as another company: ${answer.status} ${answer.text.slice(0, 200)}`);
			assert.ok(!answer.text.includes(SECRET), `${url} tells a name of the other company`);
			if (r.api) {
				const byKeyOfB = await keyB(r.method, url, ...(r.method === 'PUT' ? ['Nome\nAna\n', { 'content-type': 'text/csv' }] : [bodyFor(r, own.get(b))]));
				assert.equal(byKeyOfB.status, 404, `${url} by key: ${byKeyOfB.text.slice(0, 200)}`);
			}
		});
});

test('for their own company the same requests are found', async (t) => {
	// The control: else the 404 above might be the fault of the test. What removes comes last, and not at
	// all where it would end this test's own session or join it to somebody else's.
	const removes = (r) => /remove|delete|revoke|discard|merge|archive|DELETE/.test(r.name);
	const order = [...withId].sort((x, y) => (x.method !== 'GET') - (y.method !== 'GET') || removes(x) - removes(y));
	// With two ids the second is nobody's here, and what asks for more than the id is asked elsewhere.
	const more = /:\w+.*:\w+|\/notes\/text$|\/copies\/:id\/file$|\/photo$|\/lines\/new$/;
	for (const r of order.filter((x) => !/\/sessions\/|^\/switch|^\/invite|^\/f\//.test(x.route) && !more.test(x.route)))
		await t.test(r.name, async () => {
			let id = await idFor(r.route);
			const prefix = Object.keys(makers).find((p) => r.route.startsWith(`${p}:`));
			// what an earlier one removed or finished is made again
			if (r.method !== 'GET' && !['/settings/stages/', '/settings/users/'].includes(prefix)) id = await makers[prefix]();
			if (r.route.endsWith('/resend')) return; // a delivery of its own: webhook.test.mjs
			await a.get('/settings/account');
			const answer = await ask(a, r, r.route.replace(/:\w+/g, id), a.csrf, SAME);
			assert.ok(![400, 401, 403, 404, 405, 415, 500].includes(answer.status), `${r.name} as its own company: ${answer.status} ${answer.text.slice(0, 300)}`);
		});
});

test('no page of one company shows a name of the other', async () => {
	const ids = { stage: stageA, lead: known.get('/leads/') ?? (await lead()), patient: await patient() };
	const more = [
		`/funnel?pipeline=${await firstOf(keyA, '/api/v1/pipelines')}`, `/funnel?q=${SECRET}`, `/funnel/column?stage=${ids.stage}`,
		`/leads?stage_id=${ids.stage}&status=all`, `/leads?q=${SECRET}&status=all`, `/leads?view=${known.get('/leads/views/')}`,
		`/leads/twins?phone=${encodeURIComponent(phone)}`, `/leads/export?format=csv&q=${SECRET}`, `/patients?q=${SECRET}`, `/palette?q=${SECRET}`,
		`/settings/automations?stage=${ids.stage}`, `/settings/automations/new?stage=${ids.stage}`, `/settings/audit?q=${SECRET}`, '/tasks?everyone=1',
		`/reports/crm?pipeline=${await firstOf(keyA, '/api/v1/pipelines')}`, ...['etapas', 'origens', 'campanhas', 'responsaveis', 'encerrados', 'motivos', 'previsao'].map((n) => `/reports/crm/${n}`),
		`/tasks/new?lead=${ids.lead}`, `/leads/new?stage=${ids.stage}`,
	];
	const plain = routes.filter((r) => r.method === 'GET' && !r.route.includes(':') && !r.route.startsWith('/dev/')).map((r) => r.route);
	assert.match((await a.get(`/leads?q=${SECRET}&status=all`)).text, new RegExp(`Lead ${SECRET}`), 'the names are there to be read');
	for (const url of [...plain, ...more]) {
		if (url === '/login/oidc/start') continue;
		const answer = await b.get(url);
		assert.ok(answer.status < 500, `${url}: ${answer.status}`);
		const shown = answer.text.replaceAll(`value="${SECRET}"`, '').replaceAll(`q=${SECRET}`, '').replaceAll(`“${SECRET}”`, '');
		assert.ok(!new RegExp(`\\w+ ${SECRET}|${SECRET}@`, 'i').test(shown), `${url} shows a name of the other company`);
	}
});

test('a token of one company is none in the other', async () => {
	const cookie = [...a.cookies].map(([n, v]) => `${n}=${v}`).join('; ');
	for (const url of ['/leads', '/settings/users', '/patients']) {
		const answer = await request('aurora', 'GET', url, { headers: { cookie } });
		assert.equal(answer.status, 303, url);
		assert.match(answer.headers.location, /^\/login/);
	}
	const answer = await request('aurora', 'GET', '/api/v1/leads', { headers: { cookie } });
	assert.equal(answer.status, 401);
});

test('nobody gets in without signing in', async (t) => {
	for (const r of routes.filter((x) => x.perm !== 'anyone'))
		await t.test(r.name, async () => {
			const url = r.route.replace(/:\w+/g, '1');
			const headers = r.method === 'GET' ? {} : r.api ? { 'content-type': 'application/json' } : r.method === 'PUT' ? { 'content-type': 'text/csv' } : FORM;
			const body = r.method === 'GET' ? undefined : r.api ? '{}' : r.method === 'PUT' ? 'x' : 'a=b';
			const answer = await request('ianara', r.method, url, { headers, body });
			if (r.api) assert.equal(answer.status, 401, `${answer.status} ${answer.text.slice(0, 200)}`);
			else assert.ok(answer.status === 401 || (answer.status === 303 && answer.headers.location.startsWith('/login')), `${answer.status} ${answer.headers.location}`);
		});
});

test('nothing is changed without the token of the form', async (t) => {
	const other = await signIn('ianara', 'gerente@ianara.test');
	for (const r of routes.filter((x) => x.method !== 'GET' && x.perm !== 'anyone'))
		await t.test(r.name, async () => {
			const url = r.route.replace(/:\w+/g, '1');
			const wrong = {
				'no token': ['', {}],
				'the token of somebody else': [other.csrf, {}],
				'a page of another site': [a.csrf, { origin: 'https://mau.exemplo.com' }],
				'a page of a neighbouring site': [a.csrf, { 'sec-fetch-site': 'same-site' }],
			};
			for (const [what, [csrf, headers]] of Object.entries(wrong)) {
				const answer = await ask(a, r, url, csrf, headers);
				assert.equal(answer.status, 403, `${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
			}
		});
});

test('public forms are not for pages of other sites', async () => {
	for (const r of routes.filter((x) => x.method === 'POST' && x.perm === 'anyone' && !x.route.startsWith('/f/'))) {
		if (r.route === '/browser-error') continue;
		const answer = await request('ianara', 'POST', r.route.replace(/:\w+/g, 'x'.repeat(32)), {
			headers: { ...(r.api ? { 'content-type': 'application/json' } : FORM), origin: 'https://mau.exemplo.com' },
			body: r.api ? '{}' : 'email=dona@ianara.test&password=x',
		});
		assert.equal(answer.status, 403, r.name);
	}
});

test('a role does what it may', async (t) => {
	for (const [email, least] of [['auxiliar@ianara.test', 60], ['dentista@ianara.test', 30]]) {
		const person = await signIn('ianara', email);
		const token = await request('ianara', 'POST', '/api/v1/tokens', {
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ email, password: 'sorriso-aberto-2026' }),
		});
		const me = await request('ianara', 'GET', '/api/v1/me', { headers: { authorization: `Bearer ${token.json.access_token}` } });
		const held = new Set([...me.json.permissions, 'anyone', 'signed-in']);
		let refused = 0;
		for (const r of routes.filter((x) => !held.has(x.perm)))
			await t.test(`${email}: ${r.name}`, async () => {
				refused++;
				const answer = await ask(person, r, r.route.replace(/:\w+/g, '1'), person.csrf, SAME);
				assert.equal(answer.status, 403, `${answer.status} ${answer.text.slice(0, 200)}`);
			});
		assert.ok(refused >= least, `${email} is refused ${refused} routes only`);
	}
});

test('no log has a word of what was typed', () => {
	const logs = path.join(process.env.SISO_DATA, 'log');
	const written = new Map(fs.readdirSync(logs).map((name) => [name, fs.readFileSync(path.join(logs, name), 'utf8')]));
	assert.match(written.get('serve.log'), /"route":"\/leads\/:id"/);
	for (const [name, text] of written)
		for (const word of [SECRET, phone, phone.replace(/\D/g, '').slice(-8)]) assert.ok(!text.includes(word), `${name}: ${word}`);
});

test('a part of the program has the routes of its part, and nothing is lost between the parts', () => {
	const rows = (...options) => execFileSync(siso, ['routes', ...options], { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } })
		.trim().split('\n');
	const all = rows(), api = rows('--only=api'), web = rows('--only=web'), crm = rows('--modules=crm');
	assert.deepEqual([...api, ...web].sort(), [...all].sort());
	assert.ok(api.length > 10 && api.every((row) => row.includes(' /api/')));
	assert.ok(web.every((row) => !row.includes(' /api/v1/leads')));
	assert.ok(crm.some((row) => row.endsWith(' crm')) && !crm.some((row) => row.endsWith(' patient')));
	assert.ok(crm.some((row) => row.endsWith(' account')));
	assert.throws(() => rows('--modules=nobody'));
});
