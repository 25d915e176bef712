// How tenancy.test.mjs gets what the patient's page, the agenda and the dentist's side have of company A. What the
// demonstration has already is taken from its pages.

// a: a signed-in owner of company A; ask: a key of hers; patient: makes one; secret: a name that only A knows.
export function chairMakers(a, ask, patient, secret) {
	const last = (text, pattern) => [...text.matchAll(pattern)].map((m) => m[1]).sort((x, y) => y - x)[0];
	const first = async (path) => (await ask('GET', `/api/v1/${path}`)).json.data[0];
	const on = (path, pattern) => async () => last((await a.get(path)).text, pattern);
	const post = async (path, fields, pattern, from) => {
		const answer = await a.post(path, fields);
		const found = last((answer.headers.location ?? '') + answer.text, pattern);
		return found ?? (from ? last((await a.get(from)).text, pattern) : undefined);
	};
	const day = new Date().toISOString().slice(0, 10);
	const visit = async () => (await first(`appointments?from=${day}T00:00:00Z&to=${day}T23:59:00Z`)).id;
	const treated = async () => (await first(`patients?q=${encodeURIComponent('Sônia Regina Barreto')}`)).id;
	const plan = async () => (await first(`patients/${await treated()}/plans`)).id;
	const ofPlan = (pattern) => async () => last((await a.get(`/patients/${await treated()}/plans`)).text, pattern);
	const laboratory = () => post('/settings/laboratories', { name: `Laboratório ${secret()}`, days: 7 }, /laboratories\?open=(\d+)/g, '/settings/laboratories');
	const ofPatient = (path, fields, pattern, page) => async () => {
		const id = await patient();
		return post(`/patients/${id}/${path}`, fields, pattern, page && `/patients/${id}/${page}`);
	};
	return {
		'/agenda/visits/': visit,
		'/api/v1/appointments/': visit,
		'/api/v1/acts/': async () => (await first(`patients/${await treated()}/acts`)).id,
		'/api/v1/plans/': plan,
		'/plans/': plan,
		'/plan-lines/': ofPlan(/\/plan-lines\/(\d+)/g),
		'/quotes/': ofPlan(/\/quotes\/(\d+)/g),
		'/visits/': async () => post('/visits', { patient_id: await patient() }, /\/visits\/(\d+)/g),
		'/notes/': ofPatient('notes', { text: secret() }, /\/notes\/(\d+)/g, 'notes'),
		'/papers/': ofPatient('papers', { kind: 'exam', text: secret() }, /\/papers\/(\d+)/g, 'papers'),
		'/lab/': async () => {
			const laboratory_id = await laboratory();
			return post(`/patients/${await patient()}/lab`, { laboratory_id, work: secret() }, /\/lab\/(\d+)/g);
		},
		'/recalls/': ofPatient('reactivation', {}, /\/recalls\/(\d+)/g),
		'/copies/': ofPatient('copies', {}, /\/copies\/(\d+)/g, 'privacy'),
		'/privacy-requests/': ofPatient('privacy-requests', { kind: 'access', text: secret() }, /\/privacy-requests\/(\d+)/g, 'privacy'),
		'/incidents/': () =>
			post('/incidents', { title: secret(), what: 'x', data: 'x', known_at: '2026-03-11T10:00', risk: 'open', version: 0 }, /\/incidents\/(\d+)/g),
		'/patients/import/': async () => {
			const answer = await a.send('PUT', '/patients/import', {
				headers: { 'content-type': 'text/csv', 'sec-fetch-site': 'same-origin' },
				body: `Nome;Telefone\nImportado ${secret()};11987650000\n`,
			});
			return last(JSON.stringify(answer.headers) + answer.text, /\/patients\/import\/(\d+)/g);
		},
		'/settings/laboratories/': laboratory,
		'/settings/recalls/': on('/settings/recalls', /recalls\?open=(\d+)/g),
		'/settings/note-templates/': on('/settings/note-templates', /note-templates\?open=(\d+)/g),
		'/settings/procedures/': on('/settings/procedures', /\/settings\/procedures\/(\d+)/g),
		'/settings/prices/cells/': on('/settings/procedures', /\/settings\/procedures\/(\d+)/g),
		'/settings/anamnesis/': on('/settings/anamnesis', /\/settings\/anamnesis\/(\d+)/g),
		'/settings/prices/tables/': () => post('/settings/prices/tables', { name: `Tabela ${secret()}` }, /\/settings\/prices\/tables\/(\d+)/g, '/settings/prices'),
	};
}

export const chairWithout = {
	'/cep/:cep': 'an address by its code; what a clinic typed is tested with the tables',
	'/patients/merges/:merge/undo': 'a merge of two; patient_merge_test asks for another clinic’s',
	'/settings/jobs/:id/retry': 'only a job that failed for good has one; queue_test has them by company',
	'/settings/jobs/:id/discard': 'only a job that failed for good has one; queue_test has them by company',
	'/settings/tuss/:id': 'an uploaded table; its wall is tested with the tables',
	'/settings/procedures/tuss/:code': 'the fields of a form with what was typed; the table of codes is tested with the tables',
	'/anamnesis/:token': 'a secret of 32 bytes, looked up in the company of the host: anamnesis_test',
	'/anamnesis/:token/birth': 'a secret of 32 bytes, looked up in the company of the host: anamnesis_test',
	'/anamnesis/:token/save': 'a secret of 32 bytes, looked up in the company of the host: anamnesis_test',
	'/anamnesis/:token/thanks': 'a secret of 32 bytes, looked up in the company of the host: anamnesis_test',
	'/quote/:token': 'a secret of 32 bytes, looked up in the company of the host: quote_test',
	'/quote/:token/accept': 'a secret of 32 bytes, looked up in the company of the host: quote_test',
	'/quote/:token/refuse': 'a secret of 32 bytes, looked up in the company of the host: quote_test',
	'/quote/:token/pdf': 'a secret of 32 bytes, looked up in the company of the host: quote_test',
};
