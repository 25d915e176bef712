// Menus: native popovers, put beside their button, with arrow keys. A menu is measured and moved
// through the DOM, which the strict style policy does not restrict.
import { all, on, one } from './dom.js';

const GAP = 4;

// Several buttons may open one menu (the cards of a board share theirs): the last one pressed counts.
const pressed = new WeakMap();
function buttonOf(menu) {
	const last = pressed.get(menu);
	return last?.isConnected ? last : one(`[popovertarget="${CSS.escape(menu.id)}"]`);
}
document.addEventListener(
	'click',
	(event) => {
		const button = event.target.closest?.('[popovertarget]');
		const menu = button && document.getElementById(button.getAttribute('popovertarget'));
		if (menu) pressed.set(menu, button);
	},
	true,
);

function place(menu, button) {
	const at = button.getBoundingClientRect();
	const width = menu.offsetWidth;
	const height = menu.offsetHeight;
	const view = document.documentElement;
	const below = view.clientHeight - at.bottom - GAP;
	const above = at.top - GAP;
	const up = menu.dataset.place === 'above' ? above > height : below < height && above > below;
	const left = at.left + width > view.clientWidth - 8 ? at.right - width : at.left;
	menu.style.left = `${Math.max(8, left)}px`;
	menu.style.top = `${Math.max(8, up ? at.top - GAP - height : at.bottom + GAP)}px`;
	if (button.classList.contains('side-item')) menu.style.minWidth = `${Math.min(at.width, 320)}px`;
}

async function load(menu, button) {
	if (!('load' in button.dataset) || menu.childElementCount) return;
	const { url } = button.dataset;
	await window.siso.htmx.ajax('GET', url, { source: menu, target: menu, swap: 'innerHTML' });
	place(menu, button);
	items(menu)[0]?.focus();
}

const items = (menu) => all('.menu-item:not([disabled], [hidden])', menu);

document.addEventListener(
	'toggle',
	(event) => {
		const menu = event.target;
		if (!menu.matches?.('.menu[popover]')) return;
		const button = buttonOf(menu);
		if (!button) return;
		const shown = event.newState === 'open';
		button.setAttribute('aria-expanded', String(shown));
		if (!shown) return;
		place(menu, button);
		load(menu, button);
		if (menu.dataset.byKeys) items(menu)[0]?.focus();
		delete menu.dataset.byKeys;
	},
	true,
);
document.addEventListener(
	'beforetoggle',
	(event) => {
		const menu = event.target;
		if (event.newState !== 'open' || !menu.matches?.('.menu[popover]')) return;
		const button = buttonOf(menu);
		if (!button) return;
		const at = button.getBoundingClientRect();
		const card = button.closest('[data-id]');
		if (card) menu.dataset.card = card.id;
		menu.style.left = `${at.left}px`;
		menu.style.top = `${at.bottom + GAP}px`;
		// the pointer leaves the focus on the button; keys want it on the first item
		if (button.matches(':focus-visible')) menu.dataset.byKeys = '1';
	},
	true,
);

on('click', '.menu .menu-item', (event, item) => {
	if (item.type !== 'submit') item.closest('[popover]')?.hidePopover?.();
});
on('keydown', '.menu', (event, menu) => {
	const list = items(menu);
	const at = list.indexOf(document.activeElement);
	const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
	if (step !== undefined) {
		event.preventDefault();
		list[(step + list.length) % list.length]?.focus();
	} else if (event.key === 'Tab') {
		menu.hidePopover?.();
	} else if (/^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey) {
		const next = [...list.slice(at + 1), ...list].find((item) =>
			item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()),
		);
		next?.focus();
	}
});
on('keydown', '[popovertarget]', (event, button) => {
	if (event.key !== 'ArrowDown') return;
	const menu = document.getElementById(button.getAttribute('popovertarget'));
	if (!menu?.matches('.menu')) return;
	event.preventDefault();
	menu.dataset.byKeys = '1';
	pressed.set(menu, button);
	if (!menu.matches(':popover-open')) menu.showPopover({ source: button });
	items(menu)[0]?.focus();
});
addEventListener('resize', () => all('.menu:popover-open').forEach((menu) => menu.hidePopover()));
document.addEventListener(
	'scroll',
	(event) => {
		for (const menu of all('.menu:popover-open'))
			if (!menu.contains(event.target)) {
				const button = buttonOf(menu);
				if (button) place(menu, button);
			}
	},
	true,
);
