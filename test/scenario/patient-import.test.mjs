// Patients from a spreadsheet, by the running program and its worker: mapping, progress, what is to be mended, the
// way back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn } from './http.mjs';

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
	assert.match(answer.text, /Duas colunas não podem ir para o mesmo campo/);

	const begin = Date.now();
	answer = await owner.post(`/patients/import/${id}`, { c0: 'name', c1: 'birth', c2: 'phone', c3: 'insurer', headings: '1', twins: 'skip' });
	assert.equal(answer.status, 303);
	const page = await until(id, 'Com linhas a corrigir');
	console.log(`${ROWS} rows in ${((Date.now() - begin) / 1000).toFixed(1)} s`);
	assert.match(page.replace(/[.\s]/g, ''), new RegExp(`${ROWS}<`));
	assert.match(page, /Já está cadastrado/);
	answer = await owner.get(`/patients/import/${id}/problems`);
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
