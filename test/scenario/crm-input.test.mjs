// Every form, list and upload of the CRM, used wrongly: missing, too long, of another type, hostile, ten thousand
// rows pasted, files that are none. The answer is 400, 404, 413 or 422 with the field and a reason in Portuguese, and
// what the clinic had before is what it has after.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { formBody, key, request, signIn, until } from './http.mjs';

const owner = await signIn('ianara', 'dona@ianara.test');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const api = await key(owner, ['crm.read', 'crm.write'], 'Formulários');
const [pipeline] = (await api('GET', '/api/v1/pipelines')).json.data;
const [stage, other] = pipeline.stages;
const [reason] = (await api('GET', '/api/v1/loss-reasons')).json.data;

let serial = 0;
const fresh = (word) => `${word} ${process.pid}x${serial++}`;
const phone = () => `(11) 9${8000 + (serial++ % 1000)}-${String(Math.floor(Math.random() * 1e4)).padStart(4, '0')}`;
const lead = (await api('POST', '/api/v1/leads', { name: fresh('Base'), phone: phone() })).json;
const task = (await api('POST', '/api/v1/tasks', { title: 'Base', due_at: '2027-01-10T14:00:00Z', lead_id: lead.id })).json;

// ---- what is wrong ----

const ids = ['x', '-1', '1.5', '999999999', '99999999999999999999', '1;drop table crm.lead'];
const days = ['2026-02-30', 'amanhã', '31/31/2026', '99999-01-01'];
const numbers = ['dez', '-1', '1e9', '99999999999999999999', '0x10'];
// Text that no field takes; the last as bytes that go over the wire.
const broken = ['Ana\u0000Eva', 'Ana \u001b[31m'];
const bytes = ['%FF%FE', '%C0%AF'];
const rows = 'Ana;(11) 98888-7777\n';
const hostile = [
	'<script>alert(1)</script>',
	'"><img src=x onerror=alert(1)>',
	"'; drop table crm.lead; --",
	'{{7*7}} %s%n ${x}',
	'Ana \u202egnp.exe',
	'😀 🦷 e\u0301 日本語 ﷽',
];

// path; good: what is taken; text: fields and how many characters they hold; need: fields that must be there; wrong:
// values that a field does not take. page: the form comes back with the sentence beside the field.
const forms = [
	{
		path: '/leads',
		good: () => ({ name: fresh('Lead'), phone: phone() }),
		text: { name: 120, interest: 200, utm_campaign: 120 },
		need: ['name'],
		wrong: {
			phone: ['abc', '123', '1'.repeat(500)],
			email: ['x', 'a@', `${'a'.repeat(250)}@exemplo.com`, 'a@exemplo.com\nBcc: b@c.d'],
			cpf: ['111.111.111-11', 'x'],
			value_cents: [...numbers, '1.000.000.000.000,00'],
			stage_id: ids,
			source_id: ids,
			owner_id: ids,
			expected_on: days,
			tags: ['x'.repeat(400)],
		},
		page: true,
	},
	{
		path: `/leads/${lead.id}`,
		good: () => ({ name: lead.name, phone: lead.phone, version: 1 }),
		text: { name: 120, interest: 200, utm_campaign: 120 },
		need: ['name'],
		wrong: { phone: ['abc'], email: ['x'], value_cents: numbers, source_id: ids, owner_id: ids, expected_on: days, version: ['x'] },
		page: true,
		once: true,
	},
	{
		path: `/leads/${lead.id}/notes`,
		good: () => ({ kind: 'note', text: 'Prefere de manhã' }),
		text: { text: 4000 },
		need: ['text'],
		wrong: { kind: ['shout', '1'] },
	},
	{
		path: `/leads/${lead.id}/lose`,
		good: () => ({ loss_reason_id: reason.id, loss_note: '' }),
		text: { loss_note: 1000 },
		need: ['loss_reason_id'],
		wrong: { loss_reason_id: ids },
		page: true,
		once: true,
	},
	{ path: `/leads/${lead.id}/merge`, good: null, need: ['gone'], wrong: { gone: [...ids, String(lead.id)] }, from: { gone: '1' } },
	{ path: `/leads/${lead.id}/convert`, good: null, need: ['patient'], wrong: { patient: ids }, from: { patient: '0' } },
	{
		path: '/tasks',
		good: () => ({ title: fresh('Tarefa'), due_at: '2027-01-10T14:00', type: 'call', priority: 'normal', lead_id: lead.id }),
		text: { title: 200, note: 2000 },
		need: ['title', 'due_at'],
		wrong: { type: ['dance'], priority: ['9'], due_at: ['amanhã', '2027-02-30T10:00'], assignee_id: ids, lead_id: ids, remind_min: numbers, rrule: ['FREQ=SECONDLY', 'x', 'FREQ=DAILY;COUNT=0'] },
		page: true,
	},
	{
		path: `/tasks/${task.id}`,
		good: () => ({ title: 'Base', due_at: '2027-01-10T14:00' }),
		text: { title: 200, note: 2000 },
		need: ['title', 'due_at'],
		wrong: { due_at: ['ontem'], assignee_id: ids },
		page: true,
	},
	{ path: '/leads/views', good: () => ({ name: fresh('Visão'), query: 'mine=1' }), text: { name: 60 }, need: ['name'], wrong: { query: ['q='.padEnd(2100, 'x')] } },
	{
		path: '/leads/bulk',
		good: null,
		need: ['action'],
		wrong: { action: ['explode', 'stage:999999999', 'owner:x', 'stage:'], id: ['x', '-1', Array.from({ length: 501 }, (_, i) => i + 1).join(',')], tag: ['x'.repeat(61)] },
		from: { id: String(lead.id), action: 'tag', tag: 'x' },
	},
	{ path: '/leads/export', good: null, need: ['format'], wrong: { format: ['exe', 'csv;rm'], id: ['x'] }, from: { format: 'csv', id: String(lead.id) } },
	{ path: '/settings/funnels', good: () => ({ name: fresh('Funil') }), text: { name: 60 }, need: ['name'] },
	{
		path: `/settings/funnels/${pipeline.id}/stages`,
		good: () => ({ name: fresh('Etapa'), color: 'teal', probability: 30, stalled_days: 3 }),
		text: { name: 40 },
		need: ['name', 'color', 'probability', 'stalled_days'],
	},
	{
		path: `/settings/stages/${stage.id}`,
		good: () => ({ name: stage.name, color: 'slate', probability: 10, stalled_days: 2 }),
		text: { name: 40 },
		need: ['name', 'probability', 'stalled_days'],
		wrong: { color: ['pink-ish', 'red;x'], probability: [...numbers, '101'], stalled_days: [...numbers, '366'] },
	},
	{ path: '/settings/sources', good: () => ({ name: fresh('Origem') }), text: { name: 60 }, need: ['name'] },
	{ path: '/settings/loss-reasons', good: () => ({ name: fresh('Motivo') }), text: { name: 60 }, need: ['name'] },
	{
		path: '/settings/lead-fields',
		good: () => ({ title: fresh('Campo'), type: 'text' }),
		text: { title: 60 },
		need: ['title'],
		wrong: { type: ['blob', '1'] },
	},
	{
		path: `/settings/automations?stage=${stage.id}`,
		good: () => ({ timing: 'enter', action: 'task', task_title: fresh('Ligar'), task_type: 'call', due: 1, due_unit: 'days' }),
		text: { task_title: 200 },
		need: ['timing', 'action', 'task_title'],
		wrong: { timing: ['never'], action: ['rm -rf'], due: [...numbers, '366'], due_unit: ['years'], task_user: ids, remind_min: numbers },
		page: true,
	},
	{
		path: '/settings/forms',
		good: () => ({ title: fresh('Formulário'), thanks: 'Obrigado', consent_text: 'Aceito' }),
		text: { title: 120, text: 500, thanks: 500, consent_text: 500 },
		need: ['title', 'thanks', 'consent_text'],
		wrong: { stage_id: ids, source_id: ids, owner_id: ids },
		page: true,
	},
];

// ---- what the clinic has ----

const seen = ['/leads?status=all', '/tasks', `/leads/${lead.id}`, '/settings/funnels', '/settings/lead-lists', '/settings/automations', '/settings/forms'];
const plain = (html) =>
	html
		.replace(/<(script|style|svg)[\s\S]*?<\/\1>/g, '')
		.replace(/<div[^>]*class="toast[\s\S]*?<\/div>/g, '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/há \d+ \w+|agora/g, '')
		.replace(/\s+/g, ' ');
const everything = async () => (await Promise.all(seen.map((path) => owner.get(path)))).map((page) => plain(page.text));

async function isAsBefore(before) {
	const after = await everything();
	for (const [i, path] of seen.entries()) {
		let at = 0;
		while (at < after[i].length && after[i][at] === before[i][at]) at++;
		assert.ok(after[i] === before[i], `${path} was "${before[i].slice(at - 20, at + 60)}", is "${after[i].slice(at - 20, at + 60)}"`);
	}
}

const post = (path, body) =>
	owner.send('POST', path, {
		headers: FORM,
		body: typeof body === 'string' ? `csrf=${encodeURIComponent(owner.csrf)}&${body}` : formBody({ csrf: owner.csrf, ...body }),
	});

function isRefused(answer, form, field, what) {
	const said = `${form.path} ${field} ${what}: ${answer.status} ${answer.headers.location ?? ''}`;
	assert.ok([400, 404, 409, 413, 422].includes(answer.status), said);
	if (form.page && answer.status === 422)
		assert.ok(answer.text.includes(`id="f-${field}-bad"`) || answer.text.includes('form-errors'), `${said}: nothing beside the field`);
	if (answer.status === 422) assert.match(plain(answer.text), /[áéíóúãõçê]/, `${said}: no sentence in Portuguese`);
}

for (const form of forms)
	test(`${form.path.replace(/\d+/g, 'N')} takes nothing that is wrong and loses nothing`, async () => {
		const before = await everything();
		const base = form.good?.() ?? form.from ?? {};
		for (const field of form.need ?? []) {
			const { [field]: _, ...rest } = base;
			isRefused(await post(form.path, rest), form, field, 'missing');
			isRefused(await post(form.path, { ...base, [field]: ' \t ' }), form, field, 'blank');
		}
		for (const [field, most] of Object.entries(form.text ?? {})) {
			isRefused(await post(form.path, { ...base, [field]: 'é'.repeat(most + 1) }), form, field, 'too long');
			isRefused(await post(form.path, { ...base, [field]: rows.repeat(10_000) }), form, field, 'ten thousand rows');
			isRefused(await post(form.path, { ...base, [field]: 'a\n'.repeat(10_000) }), form, field, 'ten thousand lines');
			for (const value of broken) isRefused(await post(form.path, { ...base, [field]: value }), form, field, JSON.stringify(value));
			const { [field]: _, ...rest } = base;
			for (const value of bytes) isRefused(await post(form.path, `${formBody(rest)}&${field}=${value}`), form, field, value);
		}
		for (const [field, values] of Object.entries(form.wrong ?? {}))
			for (const value of values) isRefused(await post(form.path, { ...base, [field]: value }), form, field, value.slice(0, 40));
		await isAsBefore(before);
	});

test('moves, orders and steps that point nowhere change nothing', async () => {
	const before = await everything();
	const stages = pipeline.stages.map((s) => s.id);
	const steps = [
		...[...ids, ''].map((id) => ['PATCH', `/leads/${lead.id}/stage`, { stage: id, before: '' }]),
		...['x', '99999999999999999999'].map((id) => ['PATCH', `/leads/${lead.id}/stage`, { stage: other.id, before: id }]),
		['PATCH', '/leads/999999/stage', { stage: other.id, before: '' }],
		['POST', '/leads/999999/notes', { kind: 'note', text: 'x' }],
		['POST', '/leads/999999/reopen', {}],
		['POST', '/tasks/999999/done', {}],
		...['x', '', stages.join(), [...stages, 999999], [...stages, stages[0]]].map((ids) => ['PATCH', `/settings/funnels/${pipeline.id}/order`, { ids }]),
		['PATCH', `/settings/automations/order?stage=${stage.id}`, { ids: '999999' }],
		['POST', '/settings/stages/999999/archive', {}],
		['POST', '/settings/automations/999999/remove', {}],
		['POST', '/leads/import/999999', { c0: 'name' }],
		['POST', '/leads/views/999999/delete', {}],
	];
	for (const [method, path, fields] of steps) {
		const answer = await owner.send(method, path, { headers: { ...FORM, 'hx-request': 'true' }, body: formBody({ csrf: owner.csrf, ...fields }) });
		assert.ok([400, 404, 409, 422].includes(answer.status), `${method} ${path} ${JSON.stringify(fields)}: ${answer.status}`);
	}
	await isAsBefore(before);
});

test('what is hostile but text is kept as text, and every page shows it as text', async () => {
	for (const form of forms.filter((f) => f.good && f.text && !f.once))
		for (const value of hostile) {
			const [field, most] = Object.entries(form.text)[0];
			const answer = await post(form.path, { ...form.good(), [field]: `${value} ${process.pid}x${serial++}`.slice(0, most) });
			assert.ok([200, 204, 303].includes(answer.status), `${form.path} ${value}: ${answer.status}`);
		}
	for (const path of [...seen, '/funnel', '/reports/crm', '/leads?status=all&q=%3Cscript%3E', "/leads?q='%20or%201=1--", '/leads?tag=%22%3E%3Cimg%20src=x%3E']) {
		const page = await owner.get(path);
		assert.equal(page.status, 200, path);
		assert.ok(!/<script>alert|<img src=x|\u202e/.test(page.text), `${path} lets it run`);
	}
});

test('an address that asks nonsense is answered, and never by a fault', async () => {
	const queries = ['after=x', 'after=-1', 'after=99999999999999999999', 'status=eaten', 'stage_id=x', 'owner_id=99999999999999999999',
		'created_from=2026-02-30', 'expected=2026-99', 'sort=drop', 'cols=a,b,c', `q=${'x'.repeat(3000)}`, 'q=%00', 'q=%FF', 'reached_id=1&reached_from=x'];
	for (const path of ['/leads', '/funnel', '/funnel/column', '/leads/export', '/leads/twins', '/tasks', '/reports/crm', '/reports/crm/stages', '/settings/automations'])
		for (const query of queries) {
			const answer = await owner.get(`${path}?${query}`);
			assert.ok(answer.status < 500, `${path}?${query}: ${answer.status}`);
		}
	assert.equal((await owner.get('/leads/1%00')).status, 400);
	for (const path of ['/leads/0', '/leads/x', '/leads/-1', '/leads/99999999999999999999', '/leads/exports/x', '/tasks/x/edit', '/settings/forms/999999', '/reports/crm/x', '/leads/import/999999'])
		assert.equal((await owner.get(path)).status, 404, path);
});

// ---- files ----

const put = (body, type = 'text/csv', headers = {}) =>
	owner.send('PUT', '/leads/import', { headers: { 'content-type': type, 'sec-fetch-site': 'same-origin', ...headers }, body });
const imports = async () => plain((await owner.get('/leads/import')).text);
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

// CRC-32 stands in the last eight bytes of a gzip.
const gzipSum = (content) => zlib.gzipSync(content, { level: 1 }).subarray(-8).readUInt32LE(0);

// A zip of these files, deflated.
function zip(entries) {
	const parts = [], directory = [];
	let at = 0;
	for (const [name, content] of Object.entries(entries)) {
		const packed = zlib.deflateRawSync(content), crc = gzipSum(content);
		const head = Buffer.alloc(30), entry = Buffer.alloc(46);
		head.writeUInt32LE(0x04034b50, 0);
		head.writeUInt16LE(20, 4);
		head.writeUInt16LE(8, 8);
		head.writeUInt32LE(crc, 14);
		head.writeUInt32LE(packed.length, 18);
		head.writeUInt32LE(content.length, 22);
		head.writeUInt16LE(name.length, 26);
		entry.writeUInt32LE(0x02014b50, 0);
		entry.writeUInt16LE(20, 4);
		entry.writeUInt16LE(20, 6);
		head.copy(entry, 10, 8, 30);
		entry.writeUInt16LE(name.length, 28);
		entry.writeUInt32LE(at, 42);
		parts.push(head, Buffer.from(name), packed);
		directory.push(entry, Buffer.from(name));
		at += 30 + name.length + packed.length;
	}
	const central = Buffer.concat(directory), end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(Object.keys(entries).length, 8);
	end.writeUInt16LE(Object.keys(entries).length, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, central, end]);
}

const sheet = (rowsXml) => zip({
	'[Content_Types].xml': Buffer.from('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
	'_rels/.rels': Buffer.from('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
	'xl/workbook.xml': Buffer.from('<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'),
	'xl/_rels/workbook.xml.rels': Buffer.from('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'),
	'xl/worksheets/sheet1.xml': Buffer.concat([
		Buffer.from('<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'),
		Buffer.from(rowsXml), Buffer.from('</sheetData></worksheet>')]),
});
const cell = (text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;

test('a file that is no spreadsheet, a bomb and one cut off are refused with a sentence, and nothing begins', async () => {
	const good = sheet(`<row>${cell('Nome')}</row><row>${cell('Ana')}</row>`);
	const before = await imports();
	const files = [
		['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'text/csv'],
		['a program', Buffer.from('7f454c460201010000000000', 'hex'), XLSX],
		['a PDF', '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', 'text/csv'],
		['an old Excel', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), XLSX],
		['nothing', '', 'text/csv'],
		['titles alone', 'Nome;Telefone\r\n', 'text/csv'],
		['a zip that is no workbook', zip({ 'a.txt': Buffer.from('oi') }), XLSX],
		['a workbook cut off half-way', good.subarray(0, good.length / 2), XLSX],
		['a workbook without its end', good.subarray(0, good.length - 30), XLSX],
		['a cell of 50 000 characters', `Nome\r\n${'x'.repeat(50_000)}\r\n`, 'text/csv'],
		['300 columns', `${'a;'.repeat(300)}\r\n${'b;'.repeat(300)}\r\n`, 'text/csv'],
		['100 001 rows', `Nome\r\n${'Ana\r\n'.repeat(100_001)}`, 'text/csv'],
		['a bomb of 300 MB', sheet(Buffer.alloc(300 << 20, ' ')), XLSX],
		['entities in entities', zip({ 'xl/workbook.xml': Buffer.from('<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><workbook>&c;</workbook>') }), XLSX],
	];
	for (const [what, body, type] of files) {
		const answer = await put(body, type);
		assert.ok([400, 413, 415, 422].includes(answer.status), `${what}: ${answer.status} ${answer.headers['hx-redirect'] ?? ''}`);
		assert.match(plain(answer.text), /[a-z]{4}/, `${what}: no sentence`);
	}
	assert.equal(await imports(), before);
	assert.ok([204, 303].includes((await put(good, XLSX)).status), 'the whole one is taken');
});

test('an upload whose connection ends half-way leaves nothing', async () => {
	const before = await imports();
	const cookie = [...owner.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
	await assert.rejects(
		new Promise((resolve, reject) => {
			import('node:http').then(({ default: http }) => {
				const { hostname, port } = new URL(process.env.SISO_URL ?? 'http://ianara.localhost:8080');
				const q = http.request({ host: '127.0.0.1', port, method: 'PUT', path: '/leads/import',
					headers: { host: `${hostname}:${port}`, cookie, 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin', 'content-length': 100_000 } }, resolve);
				q.on('error', reject);
				q.write('Nome;Telefone\r\nAna;(11) 98888-7777\r\n');
				setTimeout(() => q.destroy(new Error('gone')), 150);
			});
		}),
		/gone/,
	);
	assert.equal(await imports(), before);
});

test('ten thousand rows come in and go back', async () => {
	const tag = fresh('dezmil');
	const many = ['Nome;Observação', ...Array.from({ length: 10_000 }, (_, i) => `Linha ${String.fromCharCode(97 + (i % 26))}${i} ${tag};<b>${i}</b>`)].join('\r\n');
	const total = async () => Number(/([\d.]+) leads?/.exec(plain((await owner.get('/leads')).text))[1].replace('.', ''));
	const before = await total();
	let answer = await put(many);
	const where = answer.headers.location ?? answer.headers['hx-redirect'];
	await owner.get(where);
	answer = await owner.post(where, { c0: 'name', c1: '', headings: '1', twins: 'skip' });
	assert.equal(answer.status, 303, plain(answer.text).slice(0, 500));
	const state = async (word) => plain((await owner.get(where)).text).includes(word);
	await until(() => state('Resultado'), 'the end of the import', 60_000);
	assert.equal(await total(), before + 10_000);
	assert.equal((await owner.post(`${where}/undo`)).status, 303);
	await until(async () => (await total()) === before, 'the leads to be gone', 60_000);
});
