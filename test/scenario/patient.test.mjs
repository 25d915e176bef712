// Patients by the running program and its worker: a spreadsheet comes in and goes out again; anamneses and images for
// programs; the copies of everything, opened as whoever gets them opens them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { base, key, signIn, until as ready } from './http.mjs';

const owner = await signIn('ianara', 'dona@ianara.test');
const ROWS = Number(process.env.IMPORT_ROWS ?? 150);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// Numbers that are given to nobody, and names that no other test uses, nor this one when it ran before.
const WHO = `Importada${Date.now() % 1_000_000}`;
const row = (i) => `${WHO} ${String.fromCharCode(65 + (i % 26))} ${i};1${i % 9}/0${1 + (i % 9)}/19${60 + (i % 40)};(11) 9${String(50000000 + i)};Odontoprev`;
const csv = [
	'Nome do paciente;Data de nascimento;Celular;Convênio',
	...Array.from({ length: ROWS }, (_, i) => row(i)),
	'Sem Data;31/02/1980;(11) 911112222;',
	';01/01/1980;(11) 911113333;',
	row(0),
].join('\r\n');

const until = async (id, word, ms = 240_000) => {
	for (const end = Date.now() + ms; Date.now() < end; await wait(200)) {
		const page = await owner.get(`/patients/import/${id}`);
		if (page.text.includes(word)) return page.text;
	}
	throw new Error(`import ${id} never said ${word}`);
};

test('a sheet is mapped, comes in row by row, and goes out again', async () => {
	await owner.get('/patients/import');
	let answer = await owner.send('PUT', '/patients/import', { headers: { 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin' }, body: csv });
	assert.ok([204, 303].includes(answer.status), answer.text.slice(0, 300));
	const where = answer.headers.location ?? answer.headers['hx-redirect'];
	const id = where.match(/\/patients\/import\/(\d+)/)[1];

	answer = await owner.get(`/patients/import/${id}`);
	assert.match(answer.text, /value="birth" selected/);
	answer = await owner.post(`/patients/import/${id}`, { c0: 'name', c1: 'birth', c2: 'phone', c3: 'phone', headings: '1', twins: 'skip' });
	assert.equal(answer.status, 422);
	assert.match(answer.text, /Outra coluna já vai para este campo/);

	const begin = Date.now();
	answer = await owner.post(`/patients/import/${id}`, { c0: 'name', c1: 'birth', c2: 'phone', c3: 'insurer', headings: '1', twins: 'skip' });
	assert.equal(answer.status, 303);
	const page = await until(id, 'Com linhas a corrigir');
	console.log(`${ROWS} rows in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
	assert.match(page.replace(/[.\s]/g, ''), new RegExp(`${ROWS}<`));
	assert.match(page, /Já está cadastrado/);
	answer = await owner.get(`/patients/import/${id}/errors`);
	assert.match(answer.text, /Sem Data/);
	assert.equal(answer.text.trim().split('\r\n').length, 4);

	// one of them becomes somebody's family: that one stays when the others go
	const idOf = (html, name) => html.match(new RegExp(`href="/patients/(\\d+)">${name}<`))?.[1];
	const used = idOf((await owner.get(`/patients?q=${WHO}+B+1`)).text, `${WHO} B 1`);
	const other = (await owner.get('/patients?sort=name')).text.match(/href="\/patients\/(\d+)">(?!Importada)/)[1];
	answer = await owner.post(`/patients/${other}/family`, { kind: 'other', other_id: used });
	assert.ok([204, 303].includes(answer.status), answer.text.slice(0, 300));

	answer = await owner.post(`/patients/import/${id}/undo`, {});
	assert.equal(answer.status, 303);
	await until(id, 'Desfeita');
	answer = await owner.get(`/patients?q=${WHO}`);
	assert.doesNotMatch(answer.text, new RegExp(`${WHO} A`));
	assert.match(answer.text, new RegExp(`${WHO} B 1<`));
	assert.doesNotMatch(answer.text, new RegExp(`${WHO} C`));
	const kin = (await owner.get(`/patients/${other}/edit`)).text.match(new RegExp(`/patients/${other}/family/(\\d+)/remove`))[1];
	await owner.post(`/patients/${other}/family/${kin}/remove`, {});
});

// ---- programs ----

// A grey PNG with words beside its pixels, as a sensor's program may send it.
function png(side) {
	const table = Array.from({ length: 256 }, (_, n) => {
		for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
		return n >>> 0;
	});
	const chunk = (name, bytes) => {
		const all = Buffer.alloc(bytes.length + 12);
		all.writeUInt32BE(bytes.length);
		all.write(name, 4, 'latin1');
		bytes.copy(all, 8);
		const sum = all.subarray(4, -4).reduce((now, byte) => table[(now ^ byte) & 255] ^ (now >>> 8), 0xffffffff);
		all.writeUInt32BE((sum ^ 0xffffffff) >>> 0, bytes.length + 8);
		return all;
	};
	const head = Buffer.alloc(13);
	head.writeUInt32BE(side);
	head.writeUInt32BE(side, 4);
	head[8] = 8;
	const data = zlib.deflateSync(Buffer.alloc((side + 1) * side, 90));
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('tEXt', Buffer.from('Comment\0Rua das Flores 7')), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

// The bytes of a page, as the browser of a person gets them.
const bytesFor = (person, where) =>
	new Promise((resolve, reject) =>
		http
			.get({ host: '127.0.0.1', port: base.port, path: where, headers: { host: `${person.host}.localhost:${base.port}`, cookie: [...person.cookies].map((pair) => pair.join('=')).join('; ') } }, (answer) => {
				const parts = [];
				answer.on('data', (part) => parts.push(part));
				answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(parts) }));
			})
			.on('error', reject),
	);

// A patient whose name no other copy has.
const NAME = `Zenaide ${String.fromCharCode(65 + (Date.now() % 26))}${Date.now() % 100_000} Quintão`;
const api = await key(owner, ['patient.read', 'patient.write', 'patient.clinical', 'patient.anamnesis', 'patient.image']);
const patient = (await api('POST', '/api/v1/patients', { name: NAME, birth: '1980-05-17', phone: '+5511988880000' })).json.id;

test('who edits a record that is united or closed meanwhile loses nothing typed, and is told which', async () => {
	const made = async (name) => Number((await owner.post('/patients', { name: `${WHO} ${name}`, sure: '1' })).headers.location.match(/\d+$/)[0]);
	const kept = await made('Fica');
	const gone = await made('Vai');
	const typed = { name: `${WHO} Vai`, notes: 'digitado enquanto uniam', version: '1' };
	assert.equal((await owner.post(`/patients/${kept}/merge`, { from: gone })).status, 303);
	let answer = await owner.post(`/patients/${gone}`, typed);
	assert.equal(answer.status, 409);
	assert.match(answer.text, /foi unido a outro/);
	assert.match(answer.text, /digitado enquanto uniam<\/textarea>/);
	assert.match(answer.text, new RegExp(`action="/patients/${kept}"`));
	const version = answer.text.match(/name="version" value="(\d+)"/)[1];
	assert.equal((await owner.post(`/patients/${kept}`, { ...typed, version })).status, 303);

	assert.equal((await owner.post(`/patients/${kept}/closing`, { action: 'restrict', reason: 'pediu' })).status, 303);
	answer = await owner.post(`/patients/${kept}`, { ...typed, notes: 'digitado enquanto fechavam', version });
	assert.equal(answer.status, 409);
	assert.match(answer.text, /Este cadastro está fechado/);
	assert.match(answer.text, /digitado enquanto fechavam<\/textarea>/);
});

test('a program opens an anamnesis, the patient answers by its link, the program reads the answers', async () => {
	const where = `/api/v1/patients/${patient}/anamneses`;
	const papers = (await api('GET', '/api/v1/questionnaires')).json.data;
	assert.ok(papers.length > 1 && papers.every((one) => one.name && one.number >= 1));
	assert.equal((await api('POST', where, { questionnaire_id: 999_999_999 })).status, 404);
	assert.equal((await api('POST', where, { questionnaire_id: papers[0].id, days: 400 })).status, 422);
	const answer = await api('POST', where, { questionnaire_id: papers[0].id });
	assert.equal(answer.status, 201, answer.text);
	const link = new URL(answer.json.url);
	assert.match(link.pathname, /^\/anamnesis\/[\w-]{20,}$/);
	assert.match((await owner.get(link.pathname)).text, /nascimento/i);
	const again = await api('POST', where, { questionnaire_id: papers[0].id });
	assert.equal(again.json.anamnesis_id, answer.json.anamnesis_id);
	assert.equal((await owner.get(link.pathname)).status, 410, 'a newer link ends the one before');
	const list = (await api('GET', where)).json.data;
	assert.deepEqual([list[0].id, list[0].state, list[0].sent_at], [answer.json.anamnesis_id, 'open', null]);
	const whole = (await api('GET', `${where}/${list[0].id}`)).json;
	assert.ok(whole.answers.length > 5);
	assert.ok(whole.answers.every((one) => one.question && one.value === null), 'not answered is null, never "no"');
	// another patient's path, another clinic, a key that may not
	const other = (await api('POST', '/api/v1/patients', { name: 'Outra Pessoa', birth: '1990-01-01' })).json.id;
	assert.equal((await api('GET', `/api/v1/patients/${other}/anamneses/${list[0].id}`)).status, 404);
	const aurora = await key(await signIn('aurora', 'dona@aurora.test'), ['patient.clinical']);
	assert.equal((await aurora('GET', where)).status, 404);
	const narrow = await key(owner, ['patient.read']);
	assert.equal((await narrow('GET', where)).status, 403);
	assert.equal((await narrow('GET', `/api/v1/patients/${patient}/images`)).status, 403);
});

test('a program sends an image, waits for the worker, and gets what is shown of it without the words beside', async () => {
	const where = `/api/v1/patients/${patient}/images`;
	const put = (query, body, type = 'image/png') => api('PUT', where + query, body, { 'content-type': type });
	const sent = png(64);
	assert.ok(sent.includes('Rua das Flores'));
	assert.equal((await put('', sent)).status, 422, 'without a category');
	assert.equal((await put('?category=periapical', Buffer.from('não é imagem'))).status, 422);
	assert.equal((await put('?category=periapical', png(64).subarray(0, 20))).status, 422);
	assert.equal((await put('?category=periapical&visit=1', sent)).status, 422, 'a visit of somebody else');
	const answer = await put('?category=periapical&date=2026-03-01', sent);
	assert.equal(answer.status, 201, answer.text);
	assert.deepEqual([answer.json.category, answer.json.taken_on, answer.json.state], ['periapical', '2026-03-01', 'waiting']);
	await ready(async () => (await api('GET', `${where}/${answer.json.id}`)).json.state === 'ready', 'the view');
	const list = (await api('GET', `${where}?category=periapical`)).json.data;
	assert.deepEqual([list.length, list[0].width], [1, 64]);
	assert.equal((await api('GET', `${where}?category=panoramic`)).json.data.length, 0);
	const view = await api('GET', `${where}/${answer.json.id}/view`);
	assert.deepEqual([view.status, view.headers['content-type']], [200, 'image/jpeg']);
	assert.doesNotMatch(view.text, /Rua das Flores/);
});

// ---- copies of everything ----

// What a ZIP holds, by its central directory.
function unzip(bytes) {
	const files = new Map();
	let end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
	assert.ok(end >= 0, 'the end of a ZIP');
	let at = bytes.readUInt32LE(end + 16);
	for (let n = bytes.readUInt16LE(end + 10); n; n--) {
		const [method, sum, size, whole] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
		const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
		const local = bytes.readUInt32LE(at + 42);
		const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
		const body = bytes.subarray(from, from + size);
		const content = method === 8 ? zlib.inflateRawSync(body) : body;
		assert.equal(content.length, whole, name);
		assert.equal(zlib.crc32 ? zlib.crc32(content) >>> 0 : sum, sum, name);
		files.set(name, content);
		at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
	}
	return files;
}

async function copyOf(start, page) {
	const answer = await owner.post(start, {});
	assert.ok([204, 303].includes(answer.status), answer.text.slice(0, 300));
	const where = await ready(async () => (await owner.get(page)).text.match(/\/copies\/\d+\/file/)?.[0], 'the copy', 60_000);
	const file = await bytesFor(owner, where);
	assert.equal(file.status, 200);
	assert.match(file.headers['content-type'], /zip/);
	return [unzip(file.bytes), where];
}

test('the copy of one patient opens: JSON with every row, a PDF that says the name, the files', async () => {
	const [files, where] = await copyOf(`/patients/${patient}/copies`, `/patients/${patient}/privacy`);
	const data = JSON.parse(files.get('dados.json').toString('utf8'));
	assert.equal(data['patient.patient'][0].name, NAME);
	assert.equal(data['patient.image'].length, 1);
	assert.equal(data['patient.anamnesis'].length, 1);
	assert.ok(data['audit.event'].length > 1);
	assert.doesNotMatch(files.get('dados.json').toString('utf8'), /token_hash|"search"|company_id/);
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-copy-'));
	fs.writeFileSync(path.join(folder, 'a.pdf'), files.get('resumo.pdf'));
	const text = execFileSync('pdftotext', ['-layout', path.join(folder, 'a.pdf'), '-'], { encoding: 'utf8' });
	fs.rmSync(folder, { recursive: true });
	assert.ok(text.includes(NAME) && text.includes('LGPD'), text.slice(0, 400));
	const original = [...files].find(([name]) => /^arquivos\/.*\.png$/.test(name));
	assert.deepEqual(original?.[1], png(64), 'the original, byte for byte');
	// nobody else's
	assert.equal((await (await signIn('aurora', 'dona@aurora.test')).get(where)).status, 404);
	assert.equal((await (await signIn('ianara', 'recepcao@ianara.test')).get(where)).status, 403);
});

test('the copy of the clinic opens: every table line by line, all files, and nothing of another clinic', async () => {
	const [files] = await copyOf('/settings/privacy/copies', '/settings/privacy');
	const lines = (table) => (files.get(`dados/${table}.ndjson`)?.toString('utf8') ?? '').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));
	for (const table of ['patient.patient', 'patient.image', 'agenda.appointment', 'treatment.act', 'crm.lead', 'audit.change', 'account.member', 'company.company'])
		assert.ok(lines(table).length > 0, table);
	assert.ok(lines('patient.patient').some((one) => one.name === NAME));
	assert.equal(lines('company.company').length, 1);
	const whole = [...files].filter(([name]) => name.endsWith('.ndjson')).map(([, bytes]) => bytes.toString('utf8')).join('\n');
	assert.doesNotMatch(whole, /Aurora Odonto|aurora\.test|"(token_hash|password|secret)"/);
	const hashes = new Set(lines('patient.image').flatMap((one) => [one.file, one.view, one.thumb]).filter(Boolean));
	for (const hash of hashes) assert.ok([...files.keys()].some((name) => name.startsWith(`arquivos/${hash.slice(0, 16)}.`)), hash);
});
