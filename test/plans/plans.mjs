// Does every query of the program stay small when a clinic is large? Each `select` of the program is run
// as siso_app under row-level security with a generic plan, on the data of bench/data.sql, with its
// nullable parameters absent and then present. Refused: a sequential scan of a large table, and a step
// that throws away or hands on more rows than any page needs. A query that must read much says so in its
// .sql file, in the comment above it: "-- plan: whole (why)".
//
// Run by `script/test plans`: SISO_DATA names a running `siso up`, SISO_PROGRAM the program.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const socket = path.join(process.env.SISO_DATA, 'run');
const LARGE = 5000; // rows: a table that nobody may read whole
const MOST = 15000; // rows that one step may look at: a quarter of the largest clinic's leads
const only = process.argv[2] ?? '';

const psql = (input, user = 'siso_owner') =>
	execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=0', '-h', socket, '-U', user, '-d', 'siso'], {
		input, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'pipe'] });
const value = (sql) => psql(sql).trim();

// ---- what is large, and what stands in it ----

const large = new Set(value(`select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
	where c.relkind in ('r', 'm') and c.reltuples >= ${LARGE} and n.nspname not in ('pg_catalog', 'information_schema')`).split('\n').filter(Boolean));

// Believable values by a parameter's name, else by its type.
const lead = value("select max(id) from crm.lead where company_id = 1 and status = 'open'");
const one = (table) => value(`select coalesce(min(id), 1) from ${table} where company_id = 1`);
const named = {
	company: '1', company_id: '1', user_id: '2', user: '2', owner_id: '2', owner: '2', assignee_id: '2', author_id: '2',
	lead_id: lead, lead: lead, subject_id: lead, twin: lead, into: lead,
	pipeline_id: one('crm.pipeline'), pipeline: one('crm.pipeline'), stage_id: one('crm.stage'), stage: one('crm.stage'),
	source_id: one('crm.source'), source: one('crm.source'), patient_id: one('patient.patient'), patient: one('patient.patient'),
	subject: "'lead'", kind: "'open'", status: "'open'", state: "'open'", sort: "'created'", order: "'created'",
	n: '51', limit: '51', max: '51', most: '51', row_limit: '51', offset: '0', hours: '24', days: '7', tz: "'America/Sao_Paulo'",
	zone: "'America/Sao_Paulo'", phone_key: "'1100012345'", key: "'1100012345'", host: "'ianara.localhost'",
	since: "now() - interval '30 days'", from: "now() - interval '30 days'", until: 'now()', to: 'now()',
	q: "'ana silva'", question: "'ana silva'", word: "'ana'", w: "'ana'", word_end: "'anb'",
	word1: "'%ana%'", word2: "'%silva%'", word3: "'%7%'", // as search_patterns() makes them
	email: "'pessoa77@exemplo.com'", before: lead, after: '1', id: lead,
};
const typed = {
	bigint: '1', int: '10', integer: '10', smallint: '1', bool: 'false', boolean: 'false', text: "'ana'", double: '1',
	'double precision': '1', timestamptz: 'now()', date: 'current_date', jsonb: "'{}'", 'text[]': "'{ana}'", 'bigint[]': `'{${lead}}'`,
	'int[]': "'{1}'", 'smallint[]': "'{1}'", 'date[]': "'{2026-01-01}'", 'timestamptz[]': "'{2026-01-01}'", 'bool[]': "'{f}'",
};
const numeric = new Set(['bigint', 'int', 'integer', 'smallint', 'double']);

function literal(name, type) {
	const known = named[name];
	const fits = known !== undefined && (numeric.has(type) ? /^\d+$/.test(known) : type === 'timestamptz' ? known.startsWith('now') : type === 'text' ? known.startsWith("'") : false);
	return fits ? known : (typed[type] ?? 'null');
}

// ---- the queries ----

const lines = new Map();
function sourceLines(file) {
	if (!lines.has(file)) lines.set(file, readFileSync(path.join(root, file.replace(/^.*?src\//, 'src/')), 'utf8').split('\n'));
	return lines.get(file);
}

// The comment and declaration above a query, and which of its parameters may be null.
function aboutQuery(name, where) {
	const [file, line] = where.split(':');
	const list = sourceLines(file);
	let at = Math.min(Number(line), list.length) - 1;
	while (at > 0 && !list[at].includes(`query ${name}(`)) at--;
	let first = at;
	while (first > 0 && list[first - 1].startsWith('--')) first--;
	let text = '';
	for (let i = first; i < list.length && list[i].startsWith('--'); i++) text += `${list[i].replace(/^--\s*/, '')} `;
	const params = /\(([^)]*)\)/.exec(text.slice(text.indexOf(`query ${name}(`)))?.[1] ?? '';
	const nullable = new Set(params.split(',').filter((p) => p.trim().endsWith('?')).map((p) => p.trim().split(/\s+/)[0]));
	return { whole: /plan: whole \(/.test(text), nullable };
}

const queries = execFileSync(process.env.SISO_PROGRAM, ['queries'], { encoding: 'utf8', maxBuffer: 1 << 26 }).trim().split('\n')
	.map((row) => row.split('\t'))
	.map(([name, where, params, text]) => ({ name, where, text, params: params ? params.split(', ').map((p) => [p.slice(0, p.indexOf(' ')), p.slice(p.indexOf(' ') + 1)]) : [] }))
	.filter((q) => q.name.includes(only) && /^\s*(select|with)\b/i.test(q.text) && !/\b(insert into|update|delete from|for update|for share|pg_sleep|nextval|set_config)\b/i.test(q.text))
	// those of the worker's role: a walk over all clinics is their work, outside of requests
	.filter((q) => !/platform\/queue\//.test(q.where));

// ---- one session explains them all ----

const marks = [];
let script = 'set session authorization siso_app;\nset plan_cache_mode = force_generic_plan;\nset statement_timeout = \'20s\';\nset jit = off;\nset search_path = pg_catalog;\n';
for (const q of queries) {
	const { nullable, whole } = aboutQuery(q.name, q.where);
	q.whole = whole;
	const shapes = nullable.size ? ['absent', 'present'] : ['present'];
	for (const shape of shapes) {
		const values = q.params.map(([name, type]) => `(${shape === 'absent' && nullable.has(name) ? 'null' : literal(name, type)})::${type}`);
		const id = marks.push({ q, shape }) - 1;
		script += `\\echo @@${id}\nbegin read only;\nselect set_config('app.company_id', '1', true) \\g /dev/null\n`;
		script += `prepare p${id}${q.params.length ? `(${q.params.map(([, type]) => type).join(', ')})` : ''} as ${q.text};\n`;
		script += `explain (analyze, timing off, summary on, format json) execute p${id}${values.length ? `(${values.join(', ')})` : ''};\nrollback;\ndeallocate p${id};\n`;
	}
}
const answers = psql(script, 'postgres').split(/^@@(\d+)$/m).slice(1);

// ---- judging ----

function* steps(plan) {
	yield plan;
	for (const child of plan.Plans ?? []) yield* steps(child);
}

function complaint(plan) {
	for (const step of steps(plan)) {
		const table = step['Relation Name'] && `${step.Schema ?? ''}${step['Relation Name']}`;
		const isLarge = table && [...large].some((name) => name.endsWith(`.${step['Relation Name']}`));
		const loops = step['Actual Loops'] || 0;
		const out = step['Actual Rows'] * loops;
		const lost = ((step['Rows Removed by Filter'] ?? 0) + (step['Rows Removed by Index Recheck'] ?? 0) + (step['Rows Removed by Join Filter'] ?? 0)) * loops;
		if (step['Node Type'] === 'Seq Scan' && isLarge && loops) return `reads all of ${table}`;
		if (lost > MOST) return `${step['Node Type']} on ${table ?? 'a join'} throws away ${Math.round(lost)} rows`;
		if (out > MOST) return `${step['Node Type']} on ${table ?? 'a join'} hands on ${Math.round(out)} rows`;
	}
	return null;
}

let passed = 0, failed = 0, skipped = 0;
const needed = new Set(); // excuses
for (let i = 0; i < answers.length; i += 2) {
	const { q, shape } = marks[Number(answers[i])];
	const start = answers[i + 1].indexOf('[');
	if (start < 0) {
		skipped++; // a value that the query refuses, or a function of another role: no plan to judge
		if (process.env.VERBOSE) console.log(`? ${q.name} (${q.where}), nullable ${shape}: no plan`);
		continue;
	}
	const { Plan: plan, 'Execution Time': ms } = JSON.parse(answers[i + 1].slice(start))[0];
	const why = complaint(plan);
	if (!why || q.whole) {
		if (why) needed.add(q.name);
		passed++;
		continue;
	}
	failed++;
	console.log(`not ok ${q.name} (${q.where}), nullable parameters ${shape}: ${why} (${Math.round(ms)} ms)`);
	if (only) console.log(JSON.stringify(plan, null, 1));
}
for (const q of queries.filter((each) => each.whole && !needed.has(each.name))) {
	failed++;
	console.log(`not ok ${q.name} (${q.where}) needs no "plan: whole": take it away`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed || !passed ? 1 : 0);
