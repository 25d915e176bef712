// The agenda: the server has drawn the day, the panel and the filters (src/modules/agenda/html); this puts a
// grid in place that can be worked in, keeps it true while others work, and knows the keys.
//
// The data of the page stand in #agenda-data; GET /agenda/day.json with the page's own query answers them anew
// (with the panel) whenever the server says "agenda".
import { makeCarry } from './agenda/carry.js';
import { makeCells } from './agenda/cells.js';
import { waited } from './agenda/card.js';
import { makeGrid } from './agenda/grid.js';
import { makeSaver } from './agenda/save.js';
import { all, delay, on, one, typing } from './lib/dom.js';
import { live } from './lib/live.js';

const siso = window.siso;
const root = one('[data-agenda]');
const stage = one('[data-stage]');
const holder = one('#agenda-data');
let data = holder && complete(JSON.parse(holder.textContent));
let grid;
let cells; // of the week of everybody and the month

// Times without a day are of the first one; what the server has drawn is not said twice.
function complete(fresh) {
	const moment = (text) => (text.length === 5 ? `${fresh.first}T${text}` : text);
	for (const it of [...fresh.shades, ...fresh.visits]) {
		it.s = moment(it.s);
		it.e = moment(it.e);
	}
	const drawn = new Map(all('.ag-grid a.ev').map((card) => [card.getAttribute('href'), card]));
	for (const visit of fresh.visits) {
		if (visit.n !== undefined) continue;
		const card = drawn.get(`/agenda/visits/${visit.id}`);
		visit.n = one('b', card).textContent;
		visit.t = card.dataset.what ?? all('.ev-line', card).at(-1).textContent;
	}
	return fresh;
}

const query = () => location.search;
const asked = new URLSearchParams(location.search);
const params = (fields) => new URLSearchParams(Object.entries(fields).filter(([, value]) => value)).toString();

// ---- what the server knows now ----

function count() {
	for (const chip of all('[data-look] .count')) {
		const { look } = chip.closest('[data-look]').dataset;
		chip.textContent = String(data.visits.filter((visit) => visit.k === look).length);
	}
}

function showPanel(html) {
	const panel = one('#ag-panel');
	if (!panel || html === undefined) return;
	const parsed = new DOMParser().parseFromString(html, 'text/html');
	const top = panel.scrollTop;
	const focus = panel.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
	panel.replaceChildren(...[...parsed.body.children].map((node) => document.importNode(node, true)));
	panel.scrollTop = top;
	if (focus) one(`[href="${CSS.escape(focus)}"]`, panel)?.focus();
	showLoad();
}

// One at a time: an answer that is late must not draw over a newer one.
let running;
let again = false;
async function refresh() {
	if (running) {
		again = true;
		return running;
	}
	running = data ? reloadGrid() : reloadPart();
	await running;
	running = undefined;
	if (again) {
		again = false;
		await refresh();
	}
	return undefined;
}

async function reloadGrid() {
	try {
		const answer = await fetch(`/agenda/day.json${query()}`, { cache: 'no-cache' });
		if (!answer.ok) return;
		const fresh = complete(await answer.json());
		showPanel(fresh.panel);
		delete fresh.panel;
		data = fresh;
		count();
		grid?.draw(data);
	} catch {
		// no connection: the stream's return asks again
	}
}

// Month and list are the server's drawing: the part is fetched anew.
async function reloadPart() {
	const selector = '.ag-list-box, .ag-month-box, .ag-week-box';
	const part = one(selector);
	if (!part || cells?.isHeld()) return;
	try {
		const answer = await fetch(location.href, { cache: 'no-cache' });
		if (!answer.ok) return;
		const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
		const fresh = one(selector, parsed);
		if (!fresh) return;
		const top = part.scrollTop;
		const focus = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
		const made = document.importNode(fresh, true);
		if (cells?.isHeld()) return; // taken up meanwhile: asked again once the hands are free
		part.replaceWith(made);
		made.scrollTop = top;
		if (focus) one(`[href="${CSS.escape(focus)}"]`, made)?.focus({ preventScroll: true });
		for (const chip of all('[data-look] .count')) {
			const now = one(`[data-look="${chip.closest('[data-look]').dataset.look}"] .count`, parsed);
			if (now) chip.textContent = now.textContent;
		}
		cells?.redraw(saver.pending);
	} catch {
		// as above
	}
}

const soon = delay(80, refresh);
document.addEventListener('agenda-changed', soon);

// ---- the load of the month, as dots ----

// Kept for this tab: a change is told, and a minute later it is asked for anyway.
const KEEP_MS = 60_000;
async function loadOf(month, fresh) {
	const search = new URLSearchParams(location.search);
	for (const name of ['date', 'view', 'off', 'by']) search.delete(name);
	search.set('month', month);
	const key = `agenda-load:${search}`;
	const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
	if (kept && !fresh && Date.now() - kept.at < KEEP_MS) return kept.days;
	const answer = await fetch(`/agenda/load.json?${search}`);
	if (!answer.ok) return {};
	const days = await answer.json();
	sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), days }));
	return days;
}

async function showLoad(fresh = false) {
	const month = one('[data-month]')?.dataset.month;
	if (!month) return;
	const days = await loadOf(month, fresh).catch(() => ({}));
	if (one('[data-month]')?.dataset.month !== month) return;
	const links = all('[data-month] td a:not(.is-out)');
	for (const [day, percent] of Object.entries(days)) {
		const link = links[Number(day.slice(8)) - 1];
		if (!link) continue;
		link.classList.remove('tone-green', 'tone-amber', 'tone-red');
		link.classList.add('tone', 'has-load', percent >= 90 ? 'tone-red' : percent >= 60 ? 'tone-amber' : 'tone-green');
		link.title = `${percent}% ocupado`;
	}
}
const loadSoon = delay(1500, () => showLoad(true));

// ---- working in the grid ----

// The message asks whether the visit stands; the person reads it before it is sent.
on('click', '.ag-wa', (event, link) => {
	const row = link.closest('li');
	const [first] = link.dataset.name.split(' ');
	const text = `Olá, ${first}! Sua consulta de ${one('h1').textContent.toLowerCase()}, às ${one('.ag-time', row).textContent}, com ${one('.ag-small', row).textContent}, está de pé?`;
	link.href = `${link.href.split('?')[0]}?text=${encodeURIComponent(text)}`;
});

const wallMinutes = (start) => start.slice(11, 16);

function newUrl({ start, minutes, column, ...more }) {
	return `/agenda/new?${params({
		date: start.slice(0, 10),
		time: wallMinutes(start),
		minutes: minutes > data.step ? minutes : '',
		dentist: data.chairs || data.view === 'week' ? (asked.get('dentist') ?? '') : column,
		chair: data.chairs && column !== '0' ? column : '',
		branch: asked.get('branch') ?? '',
		...more,
	})}`;
}

function move({ visit, start, end, minutes, column }) {
	const fields = { start, minutes, version: visit.v };
	if (data.chairs) Object.assign(fields, { chair: '1', chair_id: column === '0' ? '' : column });
	else if (data.view === 'day') fields.dentist_id = column;
	saver.save({ visit, fields, start, end, column });
}

// The visit of somebody who waited: booked at once; a refusal opens the form with what is free.
async function dropWaiting(waiting, point) {
	const dentist = data.chairs || data.view === 'week' ? asked.get('dentist') : point.column;
	if (!dentist) return siso.openDrawer(newUrl({ start: point.start, column: point.column, waiting: waiting.waiting }));
	let status = 0;
	const inside = one('#drawer-in');
	const note = (event) => (status = event.detail.ctx.response?.status ?? 0);
	root.addEventListener('htmx:after:request', note);
	await siso.htmx.ajax('POST', '/agenda/visits', {
		source: root,
		target: '#drawer-in',
		swap: 'innerHTML',
		values: {
			patient_id: waiting.patient,
			name: waiting.name,
			waiting_id: waiting.waiting,
			visit_type_id: Number(waiting.type) || '',
			minutes: waiting.minutes,
			dentist_id: dentist,
			chair_id: data.chairs && point.column !== '0' ? point.column : '',
			branch_id: asked.get('branch') ?? '',
			date: point.start.slice(0, 10),
			time: wallMinutes(point.start),
		},
	});
	root.removeEventListener('htmx:after:request', note);
	if ((status === 409 || status === 422) && inside.childElementCount) one('#drawer').showModal();
	return refresh();
}

const saver = makeSaver({
	query: () => (asked.get('branch') ? `?${params({ branch: asked.get('branch') })}` : ''),
	refresh,
	find: (id) => (cells ? cells.find(id) : data.visits.find((visit) => visit.id === id)),
	redraw: () => (cells ? cells.redraw(saver.pending) : grid?.draw(data)),
});

const does = {
	dentist: asked.get('dentist'),
	pending: saver.pending,
	create: (point) => siso.openDrawer(newUrl(point)),
	dayUrl(day) {
		const search = new URLSearchParams(location.search);
		search.set('view', 'day');
		search.set('date', day);
		return `/agenda?${search}`;
	},
	move,
};

document.addEventListener(
	'close',
	(event) => event.target.id === 'drawer' && grid?.unselect(),
	true,
);

// "Desfazer" of a toast stays on the page.
document.addEventListener(
	'submit',
	async (event) => {
		const form = event.target;
		if (!form.matches('.toast form[action^="/agenda/"]')) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		const toast = form.closest('.toast');
		const answer = await siso.send('POST', form.getAttribute('action')).catch(() => undefined);
		if (!answer) return siso.toast('Sem conexão: nada foi desfeito. Tente de novo.', { tone: 'red' });
		toast.remove();
		await siso.take(answer);
		refresh();
		return undefined;
	},
	true,
);

// ---- filters ----

on('click', '[data-look]', (event, chip) => {
	if (!grid || event.ctrlKey || event.metaKey) return;
	event.preventDefault();
	const hidden = chip.getAttribute('aria-pressed') === 'true';
	chip.setAttribute('aria-pressed', String(!hidden));
	grid.hide(chip.dataset.look, hidden);
	const off = all('[data-look][aria-pressed=false]').map((it) => it.dataset.look);
	if (off.length) asked.set('off', off.join(','));
	else asked.delete('off');
	const search = asked.toString();
	history.replaceState(null, '', search ? `/agenda?${search}` : '/agenda');
	for (const link of all('[data-go], .segments a, .ag-strip a')) {
		const url = new URL(link.href);
		if (off.length) url.searchParams.set('off', off.join(','));
		else url.searchParams.delete('off');
		link.href = url;
	}
});
on('keydown', '[data-look]', (event, chip) => {
	if (event.key !== ' ') return;
	event.preventDefault();
	chip.click();
});

function pressColumn(id) {
	for (const chip of all('[data-column]')) {
		const on = chip.dataset.column === id;
		chip.setAttribute('aria-pressed', String(on));
		if (on) chip.scrollIntoView({ inline: 'nearest', block: 'nearest' });
	}
}
on('click', '[data-column]', (event, chip) => {
	grid?.show(chip.dataset.column);
	pressColumn(chip.dataset.column);
});

// ---- keys ----

// In the month from day to day, as in a calendar; at its ends ← and → turn the page as everywhere.
function walkMonth({ key, target }) {
	const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[key];
	const days = step ? all('.ag-big a.cover') : [];
	const enters = key === 'ArrowDown' && target === document.body;
	const at = days.indexOf(target);
	const to = enters ? (days.find((day) => day.hasAttribute('aria-current')) ?? days[0]) : at >= 0 && days[at + step];
	if (to) to.focus();
	return !!to;
}

document.addEventListener('keydown', (event) => {
	if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
	if (typing(event.target) || one('dialog[open], [popover]:popover-open:not(#toasts)')) return;
	if (walkMonth(event)) return event.preventDefault();
	const go = { t: 'today', T: 'today', ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
	if (!go) return;
	event.preventDefault();
	one(`[data-go=${go}]`)?.click();
});

// ---- the minutes pass ----

function tick() {
	for (const place of all('[data-since]')) {
		const minutes = waited(Number(place.dataset.since));
		const badge = one('.badge', place);
		if (!badge) continue;
		badge.className = `badge tone tone-${minutes > 20 ? 'red' : minutes > 10 ? 'amber' : 'green'}`;
		const text = one('span', badge) ?? badge.lastChild;
		text.textContent = `${minutes} min`;
	}
	if (grid && !document.hidden && data.visits.some((visit) => visit.w)) grid.draw(data);
}
setInterval(tick, 30_000);

// ---- start: after the first paint, so that the server's drawing is seen at once ----

function start() {
	if (stage && data?.columns.length) {
		grid = makeGrid(stage, data, does);
		pressColumn(grid.shownColumn());
		makeCarry({
			from: '[data-waiting].is-drag',
			at: grid.at,
			say: (point) => `${point.time}${point.name ? ` · ${point.name}` : ''}`,
			drop: dropWaiting,
		});
	}
	if (one('[data-drop]')) cells = makeCells({ save: saver.save, done: soon });
	root.dataset.ready = '1';
	showLoad();
	live({
		agenda(what) {
			if (!data || !what.day || (what.day >= data.first && what.day <= data.last)) soon();
			loadSoon();
		},
		again: soon,
	});
	// the way back brings the page as it was left, not as it is
	if (performance.getEntriesByType('navigation')[0]?.type === 'back_forward') soon();
}
requestAnimationFrame(() => setTimeout(start, 0));
