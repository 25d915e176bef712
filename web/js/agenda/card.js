// The nodes that the grid shows, with the same classes as the server's (src/modules/agenda/html/grid.html).
// Names are put in as text only.
import { icon } from './icon.js';

export const LOOKS = {
	open: ['Agendado', 'slate', 'circle-dashed'],
	confirmed: ['Confirmado', 'blue', 'circle-check'],
	arrived: ['Na recepção', 'amber', 'hourglass'],
	in_chair: ['Em atendimento', 'violet', 'stethoscope'],
	done: ['Atendido', 'green', 'badge-check'],
	no_show: ['Faltou', 'red', 'user-round-x'],
};

const make = (tag, className, ...inside) => {
	const node = document.createElement(tag);
	if (className) node.className = className;
	node.append(...inside);
	return node;
};
const two = (n) => String(n).padStart(2, '0');
export const hour = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
export const waited = (since) => Math.max(0, Math.floor((Date.now() / 1000 - since) / 60));

function marks(visit, minutes, byChair) {
	const list = [];
	if (visit.w) list.push(`Aguarda há ${waited(visit.w)} min`);
	if (visit.first) list.push('1ª consulta');
	if (visit.enc) list.push('Encaixe');
	if (visit.room && !byChair) list.push(visit.room);
	if (visit.ser && list.length < 2) list.push('Série');
	return minutes >= 60 ? list.slice(0, 3) : [];
}

// The same where there is no room for words.
function shortMarks(visit) {
	const list = [];
	if (visit.w) list.push(`${waited(visit.w)} min`);
	if (visit.first) list.push('1ª');
	if (visit.enc) list.push('Enc.');
	return list;
}

// What the colours and icons say, for those who do not see them.
function spoken(visit) {
	const parts = [LOOKS[visit.k][0]];
	if (visit.al) parts.push(`alerta: ${visit.al}`);
	if (visit.no) parts.push('avisou que não vem');
	return parts.join(', ');
}

export function card(visit, start, end, data, who) {
	const minutes = (end - start) / 60_000;
	const [, tone, look] = LOOKS[visit.k];
	const short = minutes <= 20 ? ' ev-s' : '';
	const node = make('a', `ev tone tone-${tone} is-${visit.k}${short}`);
	node.href = `/agenda/visits/${visit.id}`;
	node.draggable = false;
	node.dataset.drawer = '';
	const head = make('span', 'ev-head', make('b', '', visit.n));
	for (const text of minutes < 60 ? shortMarks(visit) : []) head.append(make('span', 'ev-mark', text));
	if (visit.al) head.append(make('span', 'ev-alert', icon('triangle-alert', 'i-sm')));
	else head.append(icon(visit.no ? 'circle-x' : look, 'i-sm'));
	node.append(head);
	if (minutes <= 35) node.append(make('span', 'ev-line', `${hour(start)} · ${visit.t}`));
	else
		node.append(
			make('span', 'ev-line num', `${hour(start)} – ${hour(end)}`),
			make('span', 'ev-line', visit.t),
		);
	const tags = marks(visit, minutes, data.chairs);
	if (who && minutes >= 45) tags.unshift(who);
	if (tags.length) node.append(make('span', 'ev-tags', ...tags.map((text) => make('span', '', text))));
	const dentist = (data.people ?? data.columns).find((it) => it.id === visit.d)?.name;
	node.append(make('span', 'sr-only', [dentist, spoken(visit)].filter(Boolean).join('. ')));
	// for the mouse alone: who hears the card would hear all of it twice
	const title = `${visit.n}, ${hour(start)} às ${hour(end)}. ${visit.t}. ${[spoken(visit), ...marks(visit, 60, false)].join('. ')}`;
	node.addEventListener('pointerenter', () => (node.title = title), { once: true });
	return node;
}

export function shade(it, columns) {
	const node = make('div', `shade is-${it.k}${it.tone ? ` tone tone-${it.tone}` : ''}`);
	const minutes = (new Date(it.e) - new Date(it.s)) / 60_000;
	const said = `, ${it.s.slice(11, 16)} às ${it.e.slice(11, 16)}, ${columns.find((column) => column.id === it.c)?.name}`;
	if (it.t && minutes >= 30) node.append(make('span', '', icon(it.i, 'i-sm'), it.t, make('span', 'sr-only', said)));
	return node;
}

const SVG = 'http://www.w3.org/2000/svg';
function bar(percent, tone) {
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('class', `bar tone tone-${tone}`);
	svg.setAttribute('aria-hidden', 'true');
	const rect = document.createElementNS(SVG, 'rect');
	rect.setAttribute('width', `${Math.max(0, percent)}%`);
	rect.setAttribute('height', '100%');
	svg.append(rect);
	return svg;
}

export function head(column) {
	const avatar = make('span', `avatar tone tone-${column.tone}`, column.ini);
	avatar.setAttribute('aria-hidden', 'true');
	const text = make('div', 'min-w-0', make('p', 'ag-name', column.name));
	if (column.sub) text.append(make('p', 'ag-sub', column.sub));
	const box = make('div', 'ag-head-in', make('div', 'ag-who', avatar, text), bar(column.full, column.tone));
	if (column.full >= 0) box.title = `Ocupação: ${column.full}%`;
	return box;
}

export function dayHead(column, today, url) {
	const link = make('a', `ag-day-link${column.date === today ? ' is-today' : ''}`, column.name);
	link.href = url;
	return make('div', 'ag-head-in', link, bar(column.full, column.tone));
}
