// The odontogram: choosing teeth and faces by mouse, finger and keys. What is chosen lives in the
// page (aria-pressed, #inspector); the server answers what stands there and what may be written.
//
//   <div data-chart="/patients/5/chart"> … <div data-mouth> <button class="tooth" data-tooth="16"> …
//   <path data-face="M"> in a tooth; <section id="inspector" data-teeth="16,17" data-faces="17">
import { all, delay, on, one } from './lib/dom.js';
import { live } from './lib/live.js';

const page = one('[data-chart]');
const base = page.dataset.chart;
const BITS = { M: 1, D: 2, V: 4, B: 4, P: 8, L: 8, O: 16, I: 16, C: 32, R: 64 };
let chosen = [];
let faces = 0;
let anchor;
let byMouse = true;

const teeth = () => all('.tooth', page);
const toothOf = (number) => one(`#t${number}`, page);
const numberOf = (tooth) => tooth.dataset.tooth;
const kind = () => one('[name=mode]:checked', page)?.value ?? 'planned';

// ---- showing what is chosen ----

function show() {
	const set = new Set(chosen);
	for (const tooth of teeth()) {
		const on = set.has(numberOf(tooth));
		tooth.setAttribute('aria-pressed', String(on));
		tooth.tabIndex = -1;
		for (const path of all('[data-face]', tooth))
			path.classList.toggle('is-marked', on && (faces & BITS[path.dataset.face]) !== 0);
	}
	const first = (anchor && toothOf(anchor)) ?? (chosen[0] && toothOf(chosen[0])) ?? teeth()[0];
	if (first) first.tabIndex = 0;
	for (const button of all('[data-face-bit]', page))
		button.setAttribute('aria-pressed', String((faces & Number(button.dataset.faceBit)) !== 0));
}

// `late`: not because somebody chose something; the answer gives way to what is being written meanwhile.
// `wanted`: the panel does not show yet what is chosen. Until it does, nothing is written from it: it would be written
// on the tooth before.
let asking;
let wanted = false;
async function ask(region, late = false) {
	wanted ||= !late;
	asking?.abort();
	asking = new AbortController();
	const query = new URLSearchParams({ teeth: chosen.join(','), faces: String(faces), kind: kind() });
	if (new URLSearchParams(location.search).has('plan')) query.set('plan', page.dataset.plan);
	if (!chosen.length && region) query.set('region', region);
	try {
		const answer = await fetch(`${base}/inspector?${query}`, {
			headers: { 'HX-Request': 'true' },
			signal: asking.signal,
		});
		if (!answer.ok) return await siso.take(answer);
		const text = await answer.text();
		if (!wanted && busy()) return;
		wanted = behind = false;
		put('#inspector', text);
		if (faces || chosen.length > 1) one('#odo-said').textContent = one('#inspector h3').textContent;
	} catch (error) {
		if (error.name !== 'AbortError') siso.toast('Sem conexão: o painel do dente não foi atualizado.', { tone: 'red' });
	}
}
const askSoon = delay(70, ask);
document.addEventListener(
	'submit',
	(event) => {
		if (!wanted || event.target.id !== 'act-form') return;
		event.preventDefault();
		event.stopPropagation();
		siso.toast('O painel ainda não mostra o que está escolhido. Confira e registre de novo.', { tone: 'amber' });
		ask(one('[data-region]')?.value);
	},
	true,
);

// Put a fragment in the place of an element; who had the focus has it again.
function put(selector, text) {
	const id = document.activeElement?.id;
	const made = new DOMParser().parseFromString(text, 'text/html').body.firstElementChild;
	const old = one(selector);
	if (!made || !old) return;
	const fresh = document.importNode(made, true);
	const list = one('.odo-all', fresh);
	if (list) list.open = one('.odo-all', old)?.open ?? false;
	old.replaceWith(fresh);
	siso.htmx.process(fresh);
	restore();
	if (id && document.activeElement === document.body) document.getElementById(id)?.focus();
	show();
}

function choose(list, { keep = false, focus } = {}) {
	chosen = [...new Set(list)];
	if (!keep) faces = 0;
	wanted = true;
	show();
	if (focus) toothOf(focus)?.focus();
	askSoon();
}

function toggleFace(bit) {
	if (!chosen.length || !bit) return;
	faces ^= bit;
	wanted = true;
	show();
	askSoon();
}

// ---- pointing ----

function between(a, b) {
	const row = teeth().map(numberOf);
	const [from, to] = [row.indexOf(a), row.indexOf(b)].sort((x, y) => x - y);
	return from < 0 ? [b] : row.slice(from, to + 1);
}

let dragFrom;
let dragged = false;
on('pointerdown', '.tooth', (event, tooth) => {
	byMouse = event.pointerType === 'mouse';
	dragged = false;
	dragFrom = byMouse && event.button === 0 && !event.shiftKey && !event.ctrlKey ? numberOf(tooth) : undefined;
});
on('pointerover', '.tooth', (event, tooth) => {
	const number = numberOf(tooth);
	if (!dragFrom || !(event.buttons & 1) || (number === dragFrom && !dragged)) return;
	dragged = true;
	anchor = dragFrom;
	choose(between(dragFrom, number));
});
document.addEventListener('pointerup', () => (dragFrom = undefined));

on('click', '.tooth', (event, tooth) => {
	const number = numberOf(tooth);
	if (dragged) {
		dragged = false;
		return;
	}
	if (event.shiftKey && anchor) return choose(between(anchor, number));
	if (event.ctrlKey || event.metaKey) {
		anchor = number;
		return choose(chosen.includes(number) ? chosen.filter((other) => other !== number) : [...chosen, number]);
	}
	const was = chosen.length === 1 && chosen[0] === number;
	// a finger is wider than a face; neck and root lie on the tooth itself
	const letter = byMouse && event.detail > 0 ? event.target.closest('[data-face]')?.dataset.face : undefined;
	anchor = number;
	if (!was) choose([number]);
	if (letter && (was || !'CR'.includes(letter))) toggleFace(BITS[letter]);
});

on('click', '[data-quadrant]', (event, button) => {
	const list = all('.tooth', button.parentElement).map(numberOf);
	anchor = list[0];
	choose(list);
});
on('click', '[data-choose]', (event, button) => {
	button.closest('[popover]')?.hidePopover();
	const unseen = button.dataset.choose === 'unseen';
	const list = all('[data-mouth] .tooth', page).filter((tooth) => !unseen || !tooth.matches('.is-examined'));
	choose(list.slice(0, 32).map(numberOf));
});
on('click', '[data-face-bit]', (event, button) => toggleFace(Number(button.dataset.faceBit)));
on('click', '[data-go]', (event, button) => one(button.dataset.go)?.focus());
on('click', '[data-print]', (event, button) => {
	button.closest('[popover]')?.hidePopover();
	print();
});

// on paper the list stands open below the mouth
let listWasOpen;
addEventListener('beforeprint', () => {
	listWasOpen = one('.odo-all').open;
	one('.odo-all').open = true;
});
addEventListener('afterprint', () => (one('.odo-all').open = listWasOpen));

// ---- keys ----

const middle = (tooth) => {
	const box = tooth.getBoundingClientRect();
	return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

// The nearest tooth of the next row that way.
function across(tooth, down) {
	const here = middle(tooth);
	const far = (other) => (middle(other).y - here.y) * (down ? 1 : -1);
	const rows = teeth().filter((other) => far(other) > tooth.offsetHeight / 2);
	const row = Math.min(...rows.map(far));
	return rows
		.filter((other) => far(other) < row + tooth.offsetHeight / 2)
		.sort((a, b) => Math.abs(middle(a).x - here.x) - Math.abs(middle(b).x - here.x))[0];
}

function neighbour(tooth, key) {
	const list = teeth();
	const at = list.indexOf(tooth);
	if (key === 'ArrowRight') return list[at + 1];
	if (key === 'ArrowLeft') return list[at - 1];
	if (key === 'Home') return list[0];
	if (key === 'End') return list.at(-1);
	if (key === 'ArrowDown' || key === 'ArrowUp') return across(tooth, key === 'ArrowDown');
	return undefined;
}

on('keydown', '.tooth', (event, tooth) => {
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	const next = neighbour(tooth, event.key);
	if (next || /^(Arrow|Home|End)/.test(event.key)) {
		event.preventDefault();
		if (!next) return;
		if (!event.shiftKey) anchor = numberOf(next);
		choose(event.shiftKey && anchor ? between(anchor, numberOf(next)) : [numberOf(next)]);
		next.tabIndex = 0;
		next.focus();
		return;
	}
	const bit = event.key.length === 1 ? BITS[event.key.toUpperCase()] : undefined;
	if (bit && all('[data-face]', tooth).some((path) => BITS[path.dataset.face] === bit)) {
		event.preventDefault();
		event.stopPropagation();
		if (!chosen.includes(numberOf(tooth))) choose([numberOf(tooth)]);
		toggleFace(bit);
	} else if (event.key === 'Enter') {
		event.preventDefault();
		one('#odo-find')?.focus();
	} else if (event.key === 'Escape') {
		choose([]);
	}
});
// from the search, Enter takes the first of what is offered, Escape goes back to the tooth
on('keydown', '#odo-find', (event, input) => {
	if (event.key === 'Escape' && !input.value) {
		event.preventDefault();
		toothOf(chosen[0])?.focus();
	}
	if (event.key === 'Enter' && !one('.odo-choice')) event.preventDefault();
});

// ---- what to write ----

on('change', '[name=mode]', () => {
	for (const input of all('[data-kind], #act-form [name=kind]', page)) input.value = kind();
	ask(one('[data-region]')?.value);
});
on('change', '[data-region]', (event, select) => {
	if (select.value) {
		chosen = [];
		faces = 0;
	}
	show();
	ask(select.value);
});

// What a change answered: teeth were swapped and forget that they are chosen.
let focused;
document.addEventListener('htmx:before:request', () => (focused = document.activeElement?.id));
document.addEventListener('htmx:after:swap', () => {
	const inspector = one('#inspector');
	if (!inspector || wanted) return; // something else was chosen meanwhile, and is on its way
	chosen = inspector.dataset.teeth ? inspector.dataset.teeth.split(',') : [];
	faces = Number(inspector.dataset.faces);
	restore();
	show();
	if (document.activeElement !== document.body) return;
	(document.getElementById(focused) ?? toothOf(anchor ?? chosen[0]))?.focus();
});
// A line that was written makes room for the next, unless the next is being typed already.
let sent;
document.addEventListener('htmx:before:request', (event) => {
	if (event.target.closest?.('#line-form') && event.detail.ctx?.request?.method === 'POST') sent = one('#line').value;
});
document.addEventListener('htmx:after:request', (event) => {
	const form = event.target.closest?.('#line-form');
	const ctx = event.detail.ctx;
	if (!form || ctx?.request?.method !== 'POST' || !(ctx.response?.status < 400)) return;
	if (one('#line').value === sent) {
		form.reset();
		one('#line-preview').replaceChildren();
	}
	if (!one('#inspector').contains(document.activeElement)) one('#line').focus();
});

// ---- what is being written in the panel ----

// What was typed is kept by tooth until it is sent: the panel is drawn anew for every choice and after every change.
const drafts = new Map();
const fields = () => all('input:not([type=hidden]), select:not([data-region])', one('#inspector'));
const nameOf = (field) => [field.form.getAttribute('hx-post'), field.getAttribute('aria-label') ?? field.name].join(' ');
function draft() {
	const place = `${one('#inspector').dataset.teeth} ${one('[data-region]')?.value}`;
	if (!drafts.has(place)) drafts.set(place, new Map());
	return drafts.get(place);
}
on('input', '#inspector input, #inspector select:not([data-region])', (event, field) => {
	if (field.value || field.matches('select')) draft().set(nameOf(field), field.value);
	else draft().delete(nameOf(field));
});
function restore() {
	for (const field of fields()) {
		const value = draft().get(nameOf(field));
		if (value === undefined || value === field.value) continue;
		field.value = value;
		field.closest('details')?.setAttribute('open', '');
		if (field.id === 'odo-find') field.dispatchEvent(new Event('input', { bubbles: true }));
	}
}
document.addEventListener('htmx:after:request', (event) => {
	const { request, response } = event.detail.ctx;
	const form = event.target.closest?.('#inspector form');
	if (form && request.method === 'POST' && response.status < 400)
		for (const field of fields()) if (field.form === form) draft().delete(nameOf(field));
});

// Somebody writes in the panel, or has, or has sent it: it is not drawn over. What changed meanwhile is asked for after.
let behind = false;
let sending = 0;
const writing = () =>
	one('#inspector').contains(document.activeElement) ||
	one('#inspector .odo-why[open]') ||
	fields().some((field) => draft().has(nameOf(field)));
const busy = () => sending > 0 || one('#inspector details[open]') || writing();
function catchUp() {
	if (behind && !busy()) ask(one('[data-region]')?.value, true);
}
const catchUpSoon = delay(400, catchUp);
// nor is it by the answer to a typed line, whose teeth are drawn all the same
document.addEventListener('htmx:before:swap', (event) => {
	const { ctx, tasks } = event.detail;
	const panel = tasks?.findIndex((task) => task.target?.id === 'inspector');
	if (!ctx.sourceElement?.matches('#line-form') || !(panel >= 0) || ctx.response.status >= 400 || !writing()) return;
	tasks.splice(panel, 1);
	behind = true;
});
document.addEventListener('focusout', catchUpSoon);
document.addEventListener('toggle', catchUpSoon, true);

// ---- the past ----

let going;
const days = () => (one('#odo-when')?.dataset.days ?? '').trim().split(/\s+/);
const spoken = (day) => (day ? day.split('-').reverse().join('/') : 'hoje');
async function goTo() {
	const day = days()[Number(one('#odo-when').value)] ?? '';
	const query = new URLSearchParams(location.search);
	query.set('at', day);
	if (one('#odo-compare')?.checked) query.set('compare', '1');
	else query.delete('compare');
	going?.abort();
	going = new AbortController();
	try {
		const answer = await fetch(`${base}?${query}`, { headers: { 'HX-Request': 'true' }, signal: going.signal });
		if (answer.ok) put('#odo-main', await answer.text());
		else await siso.take(answer);
	} catch (error) {
		if (error.name !== 'AbortError') siso.toast('Sem conexão: o odontograma desse dia não veio.', { tone: 'red' });
	}
}
const goSoon = delay(120, goTo);
on('input', '#odo-when', (event, input) => {
	const day = days()[Number(input.value)];
	one('[data-time-text]').textContent = day ? spoken(day) : 'Como está hoje';
	input.setAttribute('aria-valuetext', spoken(day));
	goSoon();
});
on('change', '#odo-compare', goTo);

// ---- others in the same chart ----

// Teeth are drawn anew, and the inspector as soon as nobody is writing in it. Right after a change of one's own
// the event may be that one's, answered already, or somebody else's: it waits a moment and is looked at once.
let mine = 0;
document.addEventListener('htmx:before:request', (event) => {
	if (event.detail.ctx?.request?.method !== 'POST') return;
	mine = Date.now();
	sending++;
});
document.addEventListener('htmx:finally:request', (event) => {
	if (event.detail.ctx?.request?.method === 'POST') sending--;
});
async function refresh() {
	if (one('#odo-main[data-past]')) return;
	const answer = await fetch(`${base}${location.search}`, { headers: { 'HX-Request': 'true' } }).catch(() => undefined);
	const text = answer?.ok && (await answer.text());
	if (!text || one('#odo-main[data-past]')) return;
	put('#odo-main', text);
	behind = true;
	catchUp();
}
const refreshSoon = delay(150, refresh);
live({
	chart: (data) => {
		if (String(data.patient) !== page.dataset.patient) return;
		setTimeout(refreshSoon, Math.max(0, mine + 1500 - Date.now()));
	},
	again: refreshSoon,
});

const siso = window.siso;
const asked = one('#inspector')?.dataset.teeth;
chosen = asked ? asked.split(',') : [];
anchor = chosen[0];
show();
