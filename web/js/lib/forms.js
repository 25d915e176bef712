// A form on its way: the pressed button waits and cannot be pressed twice.
import { all, one } from './dom.js';

const QUIET_MS = 250; // nothing is shown for what is quick

const buttonOf = (form, submitter) => submitter ?? one('button:not([type=button]), [type=submit]', form);
const timers = new WeakMap();

function busy(form, button) {
	form.setAttribute('aria-busy', 'true');
	timers.set(
		form,
		setTimeout(() => {
			if (!button) return;
			if (!button.firstElementChild) {
				// text alone cannot be hidden while the ring turns
				const label = document.createElement('span');
				label.append(...button.childNodes);
				button.append(label);
			}
			button.setAttribute('aria-busy', 'true');
		}, QUIET_MS),
	);
}

function free(form) {
	clearTimeout(timers.get(form));
	form.removeAttribute('aria-busy');
	for (const button of all('[aria-busy=true]', form)) button.removeAttribute('aria-busy');
}

// Before htmx hears of it: it would send the second press as soon as the first is answered.
document.addEventListener(
	'submit',
	(event) => {
		const form = event.target;
		if (form.getAttribute('aria-busy') !== 'true' || form.matches('[hx-get]')) return;
		event.preventDefault();
		event.stopImmediatePropagation();
	},
	true,
);
document.addEventListener('submit', (event) => {
	const form = event.target;
	const isHtmx = form.matches('[hx-get],[hx-post],[hx-put],[hx-patch],[hx-delete]');
	if (isHtmx) {
		busy(form, buttonOf(form, event.submitter));
		return;
	}
	if (event.defaultPrevented || form.target === '_blank' || form.method === 'dialog') return;
	busy(form, buttonOf(form, event.submitter));
	// A download leaves the page where it is.
	if (form.hasAttribute('data-download')) setTimeout(() => free(form), 1500);
});
document.addEventListener('htmx:finally:request', (event) => {
	const form = event.target.closest?.('form');
	if (form) free(form);
});
addEventListener('pageshow', () => all('form[aria-busy]').forEach(free));

// Wrong fields: the first one gets the focus, if the page did not put it elsewhere.
document.addEventListener('htmx:after:settle', (event) => {
	if (!one('[data-focus]', event.target)) one('[aria-invalid=true]', event.target)?.focus();
});
// Errors are stale as soon as the field is edited.
document.addEventListener('input', (event) => {
	const input = event.target;
	if (input.getAttribute?.('aria-invalid') !== 'true') return;
	input.removeAttribute('aria-invalid');
	document.getElementById(`${input.id}-bad`)?.remove();
});
