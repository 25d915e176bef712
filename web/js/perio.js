// The periodontal chart: digits walk through the mouth, each tooth saves itself.
//
//   <div data-perio="/patients/5/perio/9"> … <div class="pt" data-tooth="16"> two of each tooth, with
//   <input data-what="probing" data-site="0"> and checkboxes; #nic-16-v carries data-version
//
// The order is the reader's: what is typed, and whether each side begins on the right again.
import { all, on, one } from './lib/dom.js';

const siso = window.siso;
const page = one('[data-perio]');
const keep = 'siso-perio';
const flow = { measure: 'probing', way: 'right' };
try {
	Object.assign(flow, JSON.parse(localStorage.getItem(keep) ?? '{}'));
} catch {
	// a broken memory is no memory
}
for (const select of all('[data-flow]')) select.value = flow[select.dataset.flow] ?? select.value;
on('change', '[data-flow]', (event, select) => {
	flow[select.dataset.flow] = select.value;
	localStorage.setItem(keep, JSON.stringify(flow));
});

const cellsOf = (tooth) => all(`.pt[data-tooth="${tooth}"]`, page);
const toothOf = (input) => input.closest('[data-tooth]').dataset.tooth;

// All figures in the order in which they are typed.
function walk() {
	const steps = [];
	for (const arch of all('.perio-arch', page))
		for (const [n, side] of all('.perio-side', arch).entries()) {
			const cells = all('.pt[data-tooth]', side);
			const back = flow.way === 'round' && n % 2 === 1;
			for (const cell of back ? cells.reverse() : cells) {
				const row = (what) => all(`input[data-what="${what}"]:enabled`, cell);
				const [probing, margin] = [row('probing'), row('margin')];
				const sites = probing.map((input, i) =>
					flow.measure === 'both' ? [margin[i], input] : flow.measure === 'margin' ? [margin[i]] : [input],
				);
				steps.push(...(back ? sites.reverse() : sites).flat());
			}
		}
	return steps;
}

function go(input, step) {
	const steps = walk();
	const next = steps[steps.indexOf(input) + step];
	if (!next) return;
	next.focus();
	next.select();
	next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

// ---- saving ----

const dirty = new Set();
let saving;
const say = (text) => {
	const state = one('#perio-state');
	if (state) state.textContent = text;
};

function formOf(tooth) {
	const cells = cellsOf(tooth);
	const inputs = cells.flatMap((cell) => all('input', cell));
	const six = (what, read) => {
		const list = Array(6).fill('-');
		for (const input of inputs) if (input.dataset.what === what) list[Number(input.dataset.site)] = read(input);
		return list.join(',');
	};
	const figure = (input) => input.value.trim() || '-';
	const tick = (input) => (input.checked ? '1' : '0');
	const only = (what) => inputs.find((input) => input.dataset.what === what);
	return {
		margin: six('margin', figure),
		probing: six('probing', figure),
		bleeding: six('bleeding', tick),
		suppuration: six('suppuration', tick),
		plaque: six('plaque', tick),
		mobility: only('mobility').value,
		furcation: only('furcation').value,
		missing: only('missing').checked ? '1' : '',
		implant: only('implant').checked ? '1' : '',
		version: one(`#nic-${tooth}-v`).dataset.version,
	};
}

function put(text) {
	const made = new DOMParser().parseFromString(text, 'text/html');
	for (const fresh of all('[id]', made)) {
		const old = document.getElementById(fresh.id);
		if (old && fresh.id !== 'toasts') old.replaceWith(document.importNode(fresh, true));
	}
}

async function save(tooth) {
	dirty.delete(tooth);
	say('Gravando…');
	try {
		const answer = await siso.send('POST', `${page.dataset.perio}/teeth/${tooth}`, formOf(tooth));
		if (answer.ok) {
			put(await answer.text());
			say(dirty.size ? 'Gravando…' : 'Gravado');
		} else {
			say('Não gravado');
			await siso.take(answer);
		}
	} catch {
		dirty.add(tooth);
		say('Sem conexão: o que falta é gravado quando ela voltar');
	}
}

// One tooth after the other: each answer carries the version for the next.
async function saveAll(but) {
	while (saving) await saving;
	for (const tooth of [...dirty]) {
		if (tooth === but) continue;
		saving = save(tooth);
		await saving;
		saving = undefined;
	}
}
let timer;
function changed(tooth) {
	dirty.add(tooth);
	clearTimeout(timer);
	timer = setTimeout(() => saveAll(), 900);
}
addEventListener('online', () => saveAll());
addEventListener('beforeunload', (event) => dirty.size && event.preventDefault());
on('focusout', '.pt input', (event, input) => {
	const next = event.relatedTarget?.closest?.('[data-tooth]')?.dataset.tooth;
	if (next !== toothOf(input)) saveAll(next);
});
// what is still being typed goes along before the exam is closed
on('submit', '.perio-close', (event, form) => {
	if (!dirty.size) return;
	event.preventDefault();
	event.stopImmediatePropagation();
	saveAll().then(() => form.requestSubmit());
}, true);

// ---- typing ----

const limits = { probing: [0, 15], margin: [-10, 20], mobility: [0, 3], furcation: [0, 3] };

// "3" → 3, "-2" → -2, "+3" → 13; undefined: not complete or not a number
function figureOf(text) {
	const match = text.match(/^([+-]?)(\d{1,2})$/);
	if (!match) return undefined;
	const digits = Number(match[2]);
	return match[1] === '+' ? 10 + digits : match[1] === '-' ? -digits : digits;
}

function colour(input) {
	const mm = Number(input.value);
	input.classList.toggle('is-pocket', input.value !== '' && mm >= 4 && mm < 6);
	input.classList.toggle('is-deep', mm >= 6);
}

on('input', '.pt input:not([type=checkbox])', (event, input) => {
	const { what } = input.dataset;
	const text = input.value.trim().replace('−', '-');
	const [least, most] = limits[what];
	if (text === '' || text === '+' || (text === '-' && least < 0)) {
		if (text === '') changed(toothOf(input));
		return;
	}
	const mm = figureOf(text);
	if (mm === undefined || mm < least || mm > most) {
		input.value = '';
		say(`${what === 'margin' ? 'A margem vai de −10 a 20' : what === 'probing' ? 'A sondagem vai de 0 a 15' : 'Vai de 0 a 3'}`);
		return;
	}
	input.value = String(mm);
	if (what === 'probing') colour(input);
	changed(toothOf(input));
	if (what === 'probing' || what === 'margin') go(input, 1);
});

const words = { s: 'bleeding', u: 'suppuration', p: 'plaque' };
on('keydown', '.pt input[data-site]:not([type=checkbox])', (event, input) => {
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	const flag = words[event.key.toLowerCase()];
	if (flag) {
		event.preventDefault();
		const box = one(`input[data-what="${flag}"][data-site="${input.dataset.site}"]`, input.closest('.pt'));
		box.checked = !box.checked;
		changed(toothOf(input));
	} else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
		event.preventDefault();
		go(input, event.key === 'ArrowRight' ? 1 : -1);
	} else if (event.key === 'Backspace' && input.value === '') {
		event.preventDefault();
		go(input, -1);
	} else if (/^[a-z]$/i.test(event.key)) {
		event.preventDefault();
	}
});
on('focusin', '.pt input:not([type=checkbox])', (event, input) => input.select());
on('change', '.pt input[type=checkbox]', (event, input) => {
	const tooth = toothOf(input);
	if (input.dataset.what === 'missing')
		for (const cell of cellsOf(tooth)) {
			cell.classList.toggle('is-missing', input.checked);
			for (const other of all('input:not([data-what=missing],[data-what=implant])', cell)) other.disabled = input.checked;
		}
	changed(tooth);
});

if (page) one('input[data-what=probing]:enabled', page)?.focus({ preventScroll: true });
