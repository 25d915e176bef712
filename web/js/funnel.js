// The board of a funnel: cards carried between columns by pointer or touch, or sent by the card's
// menu ("Mover para"), which is the way of the keyboard.
//
// Markup (css/board.css shows the rest):
//   <div class="board" data-board>
//     <section class="board-col" data-stage="3" data-name="Em conversa">
//       … <span class="board-count" data-count>4</span> <span class="board-sum" data-sum>R$ 15.100</span>
//       <svg class="bar" data-bar><rect …></svg>
//       <div class="board-list" data-list data-empty="Arraste um lead para cá">
//         <article class="board-card" id="lead-5" data-id="5" data-url="/leads/5/stage" data-version="7" data-value="980000">
//           … <button popovertarget="move-menu" …> opens the one menu of all cards:
//   <div class="menu" id="move-menu" popover role="menu" aria-label="Mover para">
//     <button class="menu-item" role="menuitem" data-move="4">Orçamento</button> …
//   (a menu of the card's own, inside it, works as well)
//   data-value is cents. data-count and data-sum may carry data-total="…" when the column shows only
//   a page of its cards; the sums then change by what moved.
//
// A move sends PATCH data-url with stage, before (id of the card below, or nothing) and version. The
// answer may hold the new card, and is swapped for the old one. An answer of 400 or more puts the
// card back; its toast says why.
import Sortable from 'sortablejs/modular/sortable.core.esm.js';
import { all, on, one } from './lib/dom.js';

const siso = window.siso;
const board = one('[data-board]');
const money = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL', maximumFractionDigits: 0 });
const number = new Intl.NumberFormat('pt-BR');
const columnOf = (element) => element.closest('.board-col');
const cardsOf = (column) => all('.board-card', column);

// ---- figures of the columns ----

function add(element, amount, show) {
	if (!element) return;
	const total = Number(element.dataset.total ?? 0) + amount;
	element.dataset.total = String(total);
	element.textContent = show(total);
}

function readFigures() {
	for (const column of all('.board-col', board)) {
		const cards = cardsOf(column);
		const count = one('[data-count]', column);
		const sum = one('[data-sum]', column);
		if (count) count.dataset.total ??= String(cards.length);
		if (sum) sum.dataset.total ??= String(cards.reduce((all, card) => all + Number(card.dataset.value ?? 0), 0));
		one('[data-list]', column).classList.toggle('is-empty', cards.length === 0);
	}
}

function drawBars() {
	const sums = all('[data-sum]', board).map((sum) => Number(sum.dataset.total));
	const most = Math.max(1, ...sums);
	for (const column of all('.board-col', board)) {
		const sum = Number(one('[data-sum]', column)?.dataset.total ?? 0);
		one('[data-bar] rect', column)?.setAttribute('width', `${Math.round((sum / most) * 100)}%`);
	}
}

function carryFigures(card, from, to) {
	const value = Number(card.dataset.value ?? 0);
	for (const [column, sign] of [
		[from, -1],
		[to, 1],
	]) {
		add(one('[data-count]', column), sign, (total) => number.format(total));
		add(one('[data-sum]', column), sign * value, (total) => money.format(total / 100));
		one('[data-list]', column).classList.toggle('is-empty', cardsOf(column).length === 0);
	}
	for (const chip of all('[data-stage-chip]')) {
		const column = one(`.board-col[data-stage="${CSS.escape(chip.dataset.stageChip)}"]`, board);
		const count = one('.count', chip);
		if (column && count) count.textContent = one('[data-count]', column)?.textContent ?? '';
	}
	drawBars();
}

// ---- moving ----

// Where the card stood, to put it back.
const placeOf = (card) => ({ list: card.parentElement, next: card.nextElementSibling });

function putBack(card, place) {
	const from = columnOf(card);
	place.list.insertBefore(card, place.next?.parentElement === place.list ? place.next : null);
	if (from !== columnOf(card)) carryFigures(card, from, columnOf(card));
	card.classList.add('is-back');
	setTimeout(() => card.classList.remove('is-back'), 400);
}

async function save(card, place) {
	const column = columnOf(card);
	const below = card.nextElementSibling?.closest('.board-card');
	let status = 0;
	const note = (event) => (status = event.detail.ctx.response?.status ?? 0);
	card.classList.add('is-saving');
	card.addEventListener('htmx:after:request', note);
	try {
		await siso.htmx.ajax('PATCH', card.dataset.url, {
			source: card,
			target: card,
			swap: 'outerHTML',
			values: { stage: column.dataset.stage, before: below?.dataset.id ?? '', version: card.dataset.version ?? '' },
		});
	} finally {
		card.removeEventListener('htmx:after:request', note);
		card.classList.remove('is-saving');
	}
	if (status >= 200 && status < 400) return true;
	putBack(card, place);
	if (status === 0) siso.toast('Sem conexão: o lead voltou para onde estava.', { tone: 'red' });
	return false;
}

function moved(card, place) {
	const from = columnOf(place.list);
	const to = columnOf(card);
	if (from !== to) carryFigures(card, from, to);
	return save(card, place);
}

let taken;
for (const list of all('[data-list]', board))
	Sortable.create(list, {
		group: 'board',
		draggable: '.board-card',
		filter: '.card-menu, .menu, a.no-drag',
		preventOnFilter: false,
		animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160,
		easing: 'cubic-bezier(.2,.8,.2,1)',
		forceFallback: true,
		fallbackOnBody: true,
		fallbackTolerance: 4,
		delay: 180,
		delayOnTouchOnly: true,
		ghostClass: 'is-ghost',
		fallbackClass: 'is-carried',
		onStart: (event) => (taken = { list: event.from, next: event.item.nextElementSibling }),
		onEnd(event) {
			if (event.from === event.to && event.oldDraggableIndex === event.newDraggableIndex) return;
			moved(event.item, taken);
		},
	});

on('click', '[data-move]', async (event, button) => {
	const menu = button.closest('[popover]');
	const card = button.closest('.board-card') ?? one(`#${CSS.escape(menu?.dataset.card ?? '')}`);
	const column = one(`.board-col[data-stage="${CSS.escape(button.dataset.move)}"]`, board);
	if (!card || !column || columnOf(card) === column) return;
	menu?.hidePopover();
	const place = placeOf(card);
	const { id } = card;
	one('[data-list]', column).prepend(card);
	const done = await moved(card, place);
	const now = document.getElementById(id);
	one('h3 a', now)?.focus();
	now?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	if (done) siso.toast(`Movido para ${column.dataset.name}`);
});

// The shared menu does not offer the stage where the card already is.
document.addEventListener(
	'beforetoggle',
	(event) => {
		const menu = event.target;
		if (event.newState !== 'open' || !one('[data-move]', menu)) return;
		const card = menu.closest('.board-card') ?? document.getElementById(menu.dataset.card ?? '');
		for (const item of all('[data-move]', menu)) item.hidden = item.dataset.move === columnOf(card)?.dataset.stage;
	},
	true,
);

// ---- the phone's stage chips ----

on('click', '[data-stage-chip]', (event, chip) => {
	const column = one(`.board-col[data-stage="${CSS.escape(chip.dataset.stageChip)}"]`, board);
	if (!column) return;
	event.preventDefault();
	column.scrollIntoView({ inline: 'start', block: 'nearest', behavior: 'smooth' });
	for (const other of all('[data-stage-chip]')) other.toggleAttribute('aria-current', other === chip);
	chip.setAttribute('aria-current', 'true');
});

readFigures();
drawBars();
// A column that loads more cards as it is scrolled.
document.addEventListener('htmx:after:settle', (event) => {
	if (board.contains(event.target)) readFigures();
});
