// Pages and JSON beside pgbench, the first byte of every page of the CRM, and the search for patients.
import { beside, firstBytes, median, ms, pgbench, psql, reference, roundTrips, run, say, signInAgain, siso, statement, table, verdict, wrk, memoryKb, me } from './lib.mjs';

export const history = () => Number(psql("select max(id) from patient.patient where company_id = 1 and name = 'Marta Dez Anos'"));

// A day of the first clinic's past: 40 visits of four dentists.
export const past = new Date(Date.now() - 40 * 86400e3).toISOString().slice(0, 10);

function targets() {
	const lead = Number(psql("select max(id) from crm.lead where company_id = 1 and status = 'open'"));
	const pipeline = Number(psql('select min(id) from crm.pipeline where company_id = 1'));
	const [phone, email] = psql(`select phone_key, email from crm.lead where company_id = 1 and id = ${lead}`).split('|');
	const now = new Date().toISOString();
	const chrome = statement('chrome', { user_id: 2, now });
	const members = statement('member_list', { with_inactive: false });
	const board = { pipeline_id: pipeline, n: 15, since: `${now.slice(0, 8)}01`, now };
	const filter = { status: 'open', now, overdue: false, no_task: false, stalled: false, n: 51 };
	const span = { from: `${past}T03:00:00Z`, to: `${new Date(Date.parse(past) + 86400e3).toISOString().slice(0, 10)}T03:00:00Z` };
	const weekdays = [-1, 0, 1].reduce((bits, n) => bits | (1 << (new Date(Date.parse(past) + n * 86400e3).getUTCDay() || 7)), 0);
	const day = ['company_branches', 'agenda_dentists', 'agenda_chairs', 'agenda_shifts', 'agenda_extra_shifts', 'agenda_blocks', 'agenda_holidays',
		'agenda_visit_types', 'agenda_visits', 'day_brief', 'day_rule', 'day_waiting']
		.map((name) => statement(name, { ...span, weekdays, cancelled: false, n: 20 }));
	return [
		{ name: 'board', title: 'board', url: '/funnel', route: '/funnel', trips: [
			[chrome, members, statement('crm_stages')],
			[statement('crm_board', board), statement('crm_board_won', board), statement('crm_board_figures', board)]] },
		{ name: 'lead', title: 'lead', url: `/leads/${lead}`, route: '/leads/:id', trips: [
			[chrome, members, statement('crm_lead', { id: lead })], [statement('crm_lead_tasks', { lead_id: lead })],
			[statement('patient_twins', { key: phone, email })],
			[statement('crm_lead_twins', { key: phone, email, except: lead })],
			[statement('audit_events_newest', { subject: 'lead', subject_id: lead, n: 31 }),
				statement('audit_is_old', { subject: 'lead', subject_id: lead, born: now })],
			['crm_sources', 'crm_loss_reasons', 'crm_fields', 'crm_stages'].map((name) => statement(name))] },
		{ name: 'list', title: 'lead JSON list', url: '/api/v1/leads?limit=50', route: '/api/v1/leads', trips: [[statement('crm_leads', filter)]] },
		{ name: 'empty', title: 'signed in, nothing else', url: '/notices', route: '/notices', trips: [
			[chrome, statement('notice_list', { user_id: 2, n: 31 }), statement('notice_unread', { user_id: 2 })]] },
		{ name: 'day', title: 'day agenda, 40 visits', url: `/agenda?date=${past}`, route: '/agenda', trips: [[chrome, ...day]] },
		{ name: 'dayjson', title: 'its JSON', url: `/agenda/day.json?date=${past}`, route: '/agenda/day.json', trips: [[...day]] },
	];
}

export async function pages(wanted) {
	await beside(targets().filter((t) => wanted.includes(t.name)));
	const kb = memoryKb();
	say(`memory of the web program after this load: ${(kb / 1024).toFixed(1)} MB (PSS); ${verdict(kb <= 30 * 1024, '≤ 30 MB')}`);
	say('');
}

// ---- the first byte of every page of the CRM, one client ----

// Which number stands for :id in a route; a page that needs what the data do not hold is left out, and named.
const ids = [
	[/^\/leads\/exports\//, null], // a progress page of a job that is long done
	[/^\/leads\/import\//, "select max(id) from crm.import where company_id = 1"],
	[/^\/leads\//, "select max(id) from crm.lead where company_id = 1 and status = 'open'"],
	[/^\/tasks\//, 'select max(id) from crm.task where company_id = 1 and done_at is null'],
	[/^\/settings\/automations\//, 'select max(id) from crm.rule where company_id = 1'],
	[/^\/settings\/forms\//, 'select max(id) from crm.form where company_id = 1'],
	[/^\/f\//, 'select max(token) from crm.form where company_id = 1'],
	[/^\/reports\/crm\//, "select 'stages'"],
];

export function firstByte() {
	const left = [], rows = [];
	const routes = run(siso, ['routes']).trim().split('\n').map((line) => line.split(/\s+/)).filter(([method, path, , , module]) =>
		method === 'GET' && module === 'crm' && !path.startsWith('/api/') && !/(export|model|progress|errors)$/.test(path));
	for (const [, path] of routes) {
		let url = path;
		if (path.includes(':')) {
			const value = psqlOrNothing(ids.find(([pattern]) => pattern.test(path))?.[1]);
			if (!value) {
				left.push(path);
				continue;
			}
			url = path.replace(/:[a-z]+/, value);
		}
		if (path === '/leads/twins') url += '?phone=11900000001';
		// a page that is slow shows that in ten looks
		const slow = firstBytes(`${url}${url.includes('?') ? '&' : '?'}_=[1-3]`).p50 > 100;
		const m = firstBytes(`${url}${url.includes('?') ? '&' : '?'}_=[1-${slow ? 10 : 100}]`);
		if (m.statuses.some((status) => status !== '200')) left.push(`${path} (${m.statuses})`);
		else rows.push([path, ms(m.p50), ms(m.p95), ms(percentile99(m.times)), ms(m.max)]);
	}
	rows.sort((a, b) => Number(b[2]) - Number(a[2]));
	say('first byte of the pages of the CRM, one client, 100 requests each, ms');
	table(['', 'p50', 'p95', 'p99', 'max'], rows);
	say(`the slowest p95: ${rows[0][2]} ms (${rows[0][0]}); ${verdict(Number(rows[0][2]) <= 10, '≤ 10 ms')}`);
	say(left.length ? `left out: ${left.join(', ')}\n` : '');
}

const percentile99 = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99)];

function psqlOrNothing(sql) {
	return sql ? psql(sql) : '';
}

// ---- a patient of ten years ----

const patientPages = [['summary', ''], ['chart', '/chart'], ['anamneses', '/anamnesis'], ['notes', '/notes'], ['images', '/images'],
	['plans', '/plans'], ['papers', '/papers']];

export async function patient() {
	const id = history();
	signInAgain('dona@ianara.test'); // only a dentist reads notes
	const rows = [];
	let fine = true;
	for (const [title, tab] of patientPages) {
		const url = `/patients/${id}${tab}`;
		const m = firstBytes(`${url}?_=[1-5]`), one = [], eight = [];
		if (m.statuses[0] !== '200') throw new Error(`${url}: ${m.statuses}`);
		for (let i = 0; i < 3; i++) {
			one.push(wrk(url, { clients: 1, time: 1 }));
			eight.push(wrk(url, { clients: 8, time: 1 }));
		}
		const of = (list, key) => median(list.map((x) => x[key]));
		const trips = await roundTrips(`/patients/:id${tab}`, url);
		fine &&= trips <= 3 && of(one, 'p95') <= 15;
		rows.push([title, trips, ms(of(one, 'p50')), ms(of(one, 'p95')), ms(of(one, 'p99')), of(eight, 'perSecond').toFixed(0),
			...['p50', 'p95', 'p99'].map((key) => ms(of(eight, key))), ...['siso', 'nginx', 'postgres'].map((key) => of(eight, key).toFixed(0)),
			(m.bytes / 1024).toFixed(1)]);
	}
	say('a patient of ten years (240 visits, 500 notes, 300 procedures, 200 images, 1 240 entries in 121 months): the tabs, medians of 3;');
	say('round trips; 1 client: ms; 8 clients: requests/s, ms, µs of processor a request; KB sent');
	table(['', 'trips', '1: p50', 'p95', 'p99', '8: req/s', 'p50', 'p95', 'p99', 'program', 'nginx', 'PostgreSQL', 'KB'], rows);
	say(`${verdict(fine, '≤ 3 round trips, p95 ≤ 15 ms with one client, every tab')}\n`);
}

// ---- finding a patient among 50 000 ----

// What is typed, and the statement that it becomes. Usual: a first name, a family name, both, a beginning.
const questions = [
	['usual', 'ana', 'words'], ['usual', 'silva', 'words'], ['usual', 'joao lima', 'words'], ['usual', 'Iára Môraes', 'words'], ['usual', 'mor', 'words'],
	['rare', 'ana silva 4321', 'words'], ['rare', 'marta dez anos', 'words'], ['nobody', 'zzqx', 'words'], ['nobody', 'wyktor zanzibar', 'words'],
	['digits', '529982', 'digits'], ['digits', '00004321', 'digits'], ['digits', '11977776666', 'digits'], ['digits', '888777666', 'digits'],
	['birth', '04/05/1971', 'birth'],
];

export function search() {
	const rows = [];
	const worst = { usual: 0, any: 0 };
	for (const [kind, question] of questions) {
		const url = `/palette?q=${encodeURIComponent(question)}`;
		const api = `/api/v1/patients?q=${encodeURIComponent(question)}&limit=20`;
		const page = firstBytes(`${url}&_=[1-15]`), json = firstBytes(`${api}&_=[1-60]`); // 240 questions a minute are let through
		if ([...page.statuses, ...json.statuses].some((status) => status !== '200')) throw new Error(`${question}: ${page.statuses} ${json.statuses}`);
		const db = pgbench(reference('search', [findStatement(question)]), { clients: 1, time: 1 });
		if (kind === 'usual') worst.usual = Math.max(worst.usual, db.p50);
		worst.any = Math.max(worst.any, db.p50, json.p95);
		rows.push([`${question} (${kind})`, db.p50.toFixed(2), ms(json.p50), ms(json.p95), ms(page.p50), ms(page.p95)]);
	}
	say('search among the 50 000 patients of one company, one client, ms: the statement alone (pgbench, its round trip included), the API,');
	say('the palette (which asks leads, pages and all modules too)');
	table(['', 'statement', 'API p50', 'p95', 'palette p50', 'p95'], rows);
	say(`usual names, the statement ${worst.usual.toFixed(2)} ms: ${verdict(worst.usual <= 3, '≤ 3 ms')}; any: ${ms(worst.any)} ms: ${verdict(worst.any <= 20, '≤ 20 ms')}\n`);
}

const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

// As patient_search (src/modules/patient/patient_find.c) asks.
function findStatement(question) {
	const birth = question.match(/^(\d\d)\/(\d\d)\/(\d{4})$/);
	if (birth) return [statement('patient_find_birth', { birth: `${birth[3]}-${birth[2]}-${birth[1]}`, n: 20 })];
	const above = (text) => text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
	if (/^\d+$/.test(question)) {
		const rev = [...question].reverse().join('');
		const key = question.length === 11 ? question.slice(0, 2) + question.slice(3) : null;
		return [statement('patient_find_digits', { cpf: question, cpf_end: above(question), rev, rev_end: above(rev), key, n: 20 })];
	}
	const [word1, word2 = null, word3 = null] = fold(question).split(' ').map((word) => `%${word}%`);
	return [statement('patient_find_words', { word1, word2, word3 })];
}
