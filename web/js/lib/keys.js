// Shortcuts. Never while typing, but for Ctrl+K (search) and Ctrl+Enter (save).
import { all, on, one, typing } from './dom.js';
import { open } from './dialog.js';
import { openPalette } from './palette.js';

const WAIT_MS = 1200;
let first = '';
let since = 0;

const linkOf = (keys) => all('[data-keys]').find((link) => link.dataset.keys === keys);

function command(event) {
	const key = event.key.toLowerCase();
	if (key === 'k') {
		event.preventDefault();
		openPalette();
	} else if (key === 'enter') {
		const form = event.target.closest('form') ?? one('dialog[open] form') ?? one('main form');
		if (!form) return;
		event.preventDefault();
		form.requestSubmit();
	}
}

function sequence(event) {
	const key = event.key.toLowerCase();
	const link = event.timeStamp - since < WAIT_MS ? linkOf(`${first} ${key}`) : undefined;
	first = key;
	since = event.timeStamp;
	if (!link) return false;
	first = '';
	link.click();
	return true;
}

document.addEventListener('keydown', (event) => {
	if (event.isComposing || event.defaultPrevented) return;
	if (event.ctrlKey || event.metaKey) {
		if (!event.altKey && !event.shiftKey) command(event);
		return;
	}
	if (event.altKey || typing(event.target) || one('dialog[open]')) return;
	if (event.key === '/') {
		event.preventDefault();
		openPalette();
	} else if (event.key === '?') {
		event.preventDefault();
		open(one('#keys-help'));
	} else if (event.key.length === 1 && sequence(event)) {
		event.preventDefault();
	}
});

// The list of shortcuts names those of this user's own pages.
on('siso:open', '#keys-help', (event, dialog) => {
	const list = one('[data-keys-list]', dialog);
	if (list.dataset.full) return;
	list.dataset.full = '1';
	for (const link of all('#create [data-keys], .side [data-keys]')) {
		const row = list.firstElementChild.cloneNode(true);
		const [what, keys] = row.children;
		what.textContent = (one('.label', link) ?? link).textContent.trim();
		const box = keys.firstElementChild;
		keys.replaceChildren(
			...link.dataset.keys.split(' ').map((key) => {
				const made = box.cloneNode();
				made.textContent = key.toUpperCase();
				return made;
			}),
		);
		list.append(row);
	}
});
