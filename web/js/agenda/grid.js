// The day or week as a grid that can be worked in: EventCalendar with our cards. It takes the place of what
// the server drew, with the same geometry. It knows nothing of the server: `does` says what to do.
import { createCalendar, Interaction, ResourceTimeGrid, TimeGrid } from '@event-calendar/core';
import { all, one } from '../lib/dom.js';
import { card, dayHead, head, hour, shade } from './card.js';

const SLOT_PX = 40; // as the server's SLOT_PX
const MOVES = new Set(['open', 'confirmed', 'arrived', 'in_chair']);
const phone = matchMedia('(max-width: 47.99rem)');
const REMEMBERED = 'agenda-column';

// The library writes table roles in an order that screen readers cannot follow; its events are buttons with
// names, and the times stand in them.
function mendRoles(root) {
	for (const node of all('[role=row], [role=rowgroup], [role=columnheader], [role=cell], [role=table], [role=grid]', root))
		for (const name of ['role', 'aria-colindex', 'aria-colcount', 'aria-rowcount', 'aria-rowindex', 'aria-colspan'])
			node.removeAttribute(name);
	for (const node of all('.ec-bg-event', root)) node.ariaHidden = node.textContent.trim() ? null : 'true';
	const calendar = one('.ec', root) ?? root;
	for (const name of ['role', 'aria-colcount', 'aria-rowcount']) calendar.removeAttribute(name);
	// what scrolls can be reached by the keyboard
	const main = one('.ec-main', root);
	main?.setAttribute('tabindex', '0');
	main?.setAttribute('aria-label', 'Horários');
}

export const local = (date) => {
	const two = (n) => String(n).padStart(2, '0');
	return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${hour(date)}`;
};

// The clinic's clock, whatever zone the browser is in: "2026-11-24T15:30:00", as it hangs on the wall there.
const wallText = (zone) =>
	new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date()).replace(' ', 'T');
const wallNow = (zone) => new Date(wallText(zone)); // its local fields are the wall's
// "-03:00", as the library wants a zone.
function offsetOf(zone) {
	const minutes = Math.round((Date.parse(`${wallText(zone)}Z`) - Date.now()) / 60_000);
	const two = (n) => String(Math.floor(n)).padStart(2, '0');
	return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

export function makeGrid(stage, first, does) {
	let data = first;
	let column; // on phones: the one that is shown
	let carried = false; // since the button went down: the click that ends it opens nothing
	let held = false; // a card is carried, drawn longer, or a stretch is being chosen
	const off = new Set(first.off);
	const week = first.view === 'week';
	const place = document.createElement('div');
	place.className = 'ag-live';
	stage.append(place);

	const shown = () => {
		if (!phone.matches || week) return data.columns;
		const ids = data.columns.map((it) => String(it.id));
		column ??= sessionStorage.getItem(REMEMBERED) ?? ids[0];
		if (!ids.includes(column)) column = ids[0];
		return data.columns.filter((it) => String(it.id) === column);
	};
	const resources = () =>
		shown().map((it) => ({ id: String(it.id), title: it.name, extendedProps: it }));
	const columnOf = (visit) => String(data.chairs ? visit.ch : visit.d);
	const initials = new Map();
	const who = (visit) => (week && data.columns.length && !does.dentist ? (initials.get(visit.d) ?? '') : '');

	function events() {
		const list = data.shades.map((it, at) => ({
			id: `shade-${at}`,
			display: 'background',
			resourceIds: [String(it.c)],
			start: it.s,
			end: it.e,
			extendedProps: { shade: it },
		}));
		for (const visit of data.visits) {
			if (off.has(visit.k)) continue;
			const pending = does.pending(visit.id); // where it was put, and not yet written
			list.push({
				id: `visit-${visit.id}`,
				resourceIds: [pending?.column ?? columnOf(visit)],
				start: pending?.start ?? visit.s,
				end: pending?.end ?? visit.e,
				title: visit.n,
				editable: data.write && MOVES.has(visit.k) && !pending,
				classNames: pending ? ['is-saving'] : [],
				extendedProps: { visit },
			});
		}
		return list;
	}

	const scrollTime = () => {
		const at = wallNow(data.zone);
		if (data.today !== data.date && !week) return `${two(Math.max(parseInt(data.open, 10), 8) - 1)}:45:00`;
		const minutes = Math.max(parseInt(data.open, 10) * 60, at.getHours() * 60 + at.getMinutes() - 90);
		return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
	};
	const two = (n) => String(n).padStart(2, '0');
	const changed = (info) => ({
		visit: info.event.extendedProps.visit,
		start: local(info.event.start),
		end: local(info.event.end),
		minutes: Math.round((info.event.end - info.event.start) / 60_000),
		column: info.event.resourceIds[0],
	});

	const options = {
		view: week ? 'timeGridWeek' : 'resourceTimeGridDay',
		date: data.date,
		firstDay: 1,
		hiddenDays: week && data.columns.length < 7 ? [0] : [],
		locale: 'pt-BR',
		timeZone: offsetOf(data.zone),
		height: '100%',
		allDaySlot: false,
		headerToolbar: { start: '', center: '', end: '' },
		slotMinTime: data.open,
		slotMaxTime: data.close,
		slotDuration: '00:30',
		slotLabelInterval: '01:00',
		slotHeight: SLOT_PX,
		slotLabelFormat: { hour: '2-digit', minute: '2-digit', hour12: false },
		snapDuration: `00:${two(Math.min(data.step, 30))}`,
		slotEventOverlap: false,
		nowIndicator: true,
		scrollTime: scrollTime(),
		editable: data.write,
		selectable: data.write,
		selectMinDistance: 6,
		dragScroll: true,
		eventLongPressDelay: 350,
		selectLongPressDelay: 350,
		resources: resources(),
		events: events(),
		resourceLabelContent: ({ resource }) => ({ domNodes: [head(resource.extendedProps)] }),
		dayHeaderFormat: (date) => {
			const iso = local(date).slice(0, 10);
			const found = data.columns.find((it) => it.date === iso);
			return { domNodes: [found ? dayHead(found, data.today, does.dayUrl(iso)) : document.createTextNode(iso)] };
		},
		eventContent: ({ event }) => {
			const { visit, shade: it } = event.extendedProps;
			if (it) return { domNodes: [shade(it, data.columns)] };
			if (!visit) return { domNodes: [Object.assign(document.createElement('div'), { className: 'ev-new', textContent: `${hour(event.start)} – ${hour(event.end)}` })] };
			return { domNodes: [card(visit, event.start, event.end, data, who(visit))] };
		},
		eventClassNames: ({ event }) => (event.extendedProps.visit && event.end < wallNow(data.zone) ? ['is-past'] : []),
		eventDragStart: () => (held = carried = true),
		eventDragStop: () => release(),
		eventResizeStart: () => (held = carried = true),
		eventResizeStop: () => release(),
		eventDrop: (info) => does.move(changed(info)),
		eventResize: (info) => does.move(changed(info)),
		select: (info) =>
			does.create({
				start: local(info.start),
				minutes: Math.round((info.end - info.start) / 60_000),
				column: info.resource?.id,
			}),
		dateClick: (info) => data.write && does.create({ start: local(info.date), column: info.resource?.id }),
	};

	// What changed while the hands were full is shown once they are free again.
	let waiting = false;
	function release() {
		held = false;
		if (waiting) draw(data);
	}
	place.addEventListener('pointerdown', () => {
		held = true;
		carried = false;
	});
	place.addEventListener(
		'click',
		(event) => {
			if (!carried) return;
			carried = false;
			event.preventDefault();
			event.stopPropagation();
		},
		true,
	);
	for (const name of ['pointerup', 'pointercancel']) addEventListener(name, () => setTimeout(release, 0));

	let drawn = ''; // what the grid shows, to leave it alone when nothing changed
	function draw(fresh) {
		data = fresh;
		initials.clear();
		for (const it of data.people ?? []) initials.set(it.id, it.ini);
		waiting = held;
		if (held) return;
		const list = events();
		const columns = resources();
		const now = JSON.stringify([list, columns, data.open, data.close, list.some((it) => it.extendedProps.visit?.w) && Math.floor(Date.now() / 60_000)]);
		if (now === drawn) return;
		drawn = now;
		const focus = document.activeElement?.closest('.ec-event a.ev')?.getAttribute('href');
		calendar.setOption('slotMinTime', data.open).setOption('slotMaxTime', data.close);
		calendar.setOption('resources', columns).setOption('events', list);
		if (focus) setTimeout(() => one(`.ec-event a.ev[href="${CSS.escape(focus)}"]`, place)?.focus({ preventScroll: true }), 0);
	}

	for (const it of data.people ?? []) initials.set(it.id, it.ini);
	const calendar = createCalendar(place, week ? [TimeGrid, Interaction] : [ResourceTimeGrid, Interaction], options);
	mendRoles(place);
	new MutationObserver(() => mendRoles(place)).observe(place, { childList: true, subtree: true });
	one('[data-drawn]', stage)?.remove();
	stage.classList.add('is-live');

	return {
		draw,
		hide(look, hidden) {
			if (hidden) off.add(look);
			else off.delete(look);
			draw(data);
		},
		show(id) {
			column = String(id);
			sessionStorage.setItem(REMEMBERED, column);
			draw(data);
		},
		shownColumn: () => String(shown()[0]?.id),
		at(x, y) {
			const point = calendar.dateFromPoint(x, y);
			return point && { start: local(point.date), time: hour(point.date), column: point.resource?.id, name: point.resource?.title };
		},
		unselect: () => calendar.unselect(),
		isHeld: () => held,
	};
}
