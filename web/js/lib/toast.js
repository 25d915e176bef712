// Toasts: most come from the server, escaped, into #toasts; `toast` makes the few that the browser
// itself has to say. They leave after a while, but not under the pointer, the focus, or in a hidden tab.
import { all, on, one } from './dom.js';

const LIFE_MS = { plain: 6000, undo: 9000, red: 12000 };

function lifeOf(toast) {
	if (toast.classList.contains('tone-red')) return LIFE_MS.red;
	return one('form', toast) ? LIFE_MS.undo : LIFE_MS.plain;
}

export function dismiss(toast) {
	if (toast.classList.contains('is-leaving')) return;
	toast.classList.add('is-leaving');
	setTimeout(() => toast.remove(), 200);
}

export function toast(text, { tone = 'green', detail, icon } = {}) {
	const made = one('#toast-template')?.content.firstElementChild.cloneNode(true);
	if (!made) return;
	const names = { red: 'circle-alert', amber: 'triangle-alert', green: 'circle-check' };
	const use = one('use', made);
	use.setAttribute('href', use.getAttribute('href').replace(/#.*/, `#${icon ?? names[tone] ?? 'info'}`));
	made.classList.add(`tone-${tone}`);
	if (tone === 'red') made.setAttribute('role', 'alert');
	const place = one('div', made);
	place.textContent = text;
	if (detail) place.append(Object.assign(document.createElement('small'), { textContent: detail }));
	one('#toasts').append(made);
}

// Over an open dialog too: the last one shown in the top layer is the highest.
function raise(region) {
	if (!region.showPopover) return;
	if (region.matches(':popover-open')) region.hidePopover();
	if (region.childElementCount) region.showPopover();
}

function watch(region) {
	const left = new Map();
	const adopt = () => {
		for (const made of all('.toast', region)) if (!left.has(made)) left.set(made, lifeOf(made));
		for (const made of left.keys()) if (!made.isConnected) left.delete(made);
	};
	new MutationObserver((changes) => {
		adopt();
		if (changes.some((change) => change.addedNodes.length)) raise(region);
		else if (!region.childElementCount && region.matches(':popover-open')) region.hidePopover();
	}).observe(region, { childList: true });
	adopt();
	raise(region);

	const TICK_MS = 250;
	setInterval(() => {
		if (!left.size || document.hidden || region.matches(':hover, :focus-within')) return;
		for (const [made, ms] of left) {
			left.set(made, ms - TICK_MS);
			if (ms <= TICK_MS) dismiss(made);
		}
	}, TICK_MS);
}

on('click', '[data-dismiss]', (event, button) => {
	const around = button.closest('.toast');
	if (around) dismiss(around);
	else button.closest('.alert, .banner')?.remove();
});

const region = one('#toasts');
if (region) watch(region);

(window.siso = window.siso ?? {}).toast = toast;
