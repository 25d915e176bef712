// Drafts: what was typed into a form with data-draft is kept in this tab until it was saved, so a
// closed lid, a lost session or a wrong click costs nothing. It is never sent anywhere, forgets
// itself after half a day, and goes with the session: signing out clears it.
//
// A detour is a search that a form is left for and that leads back to it:
//   <a data-detour="#form" data-tell="names">   tells the search these fields; what was typed waits
//   <span data-detour-end="names">              in the form that is come back to: gets these fields again
import { all, delay, on, one, ready } from './dom.js';
import { know } from './person.js';
import { noteTyped } from './typed.js';

const HOURS = 12;
const keyOf = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
const isTyped = (input) => !['password', 'file', 'hidden', 'submit'].includes(input.type);
const isPerson = (input) => input.type === 'hidden' && input.closest('[data-person]');
const keeps = (input) => input.name && (isTyped(input) || isPerson(input));

function read(key) {
	try {
		const draft = JSON.parse(sessionStorage.getItem(key));
		return draft && Date.now() - draft.at < HOURS * 3600e3 ? draft : null;
	} catch {
		return null;
	}
}
function write(key, draft) {
	try {
		sessionStorage.setItem(key, JSON.stringify(draft));
	} catch {
		// full or forbidden: the form works without
	}
}

const valuesOf = (form) =>
	[...form.elements]
		.filter(keeps)
		.map((input) => [input.name, input.value, /checkbox|radio/.test(input.type) ? input.checked : null]);

// Not while the form is on its way: it would come back in the next one.
const keep = delay(400, (form) => {
	if (!form.isConnected || form.getAttribute('aria-busy') === 'true') return;
	write(keyOf(form), { at: Date.now(), values: valuesOf(form), sent: false });
});
on('input', 'form[data-draft]', (event, form) => keep(form));
on('change', 'form[data-draft]', (event, form) => keep(form));
on('submit', 'form[data-draft]', (event, form) => {
	write(keyOf(form), { at: Date.now(), values: valuesOf(form), sent: true });
});

// Whether it changed anything.
function put(form, values) {
	let changed;
	for (const [name, value, checked] of values) {
		const input = [...form.elements].find(
			(field) => field.name === name && keeps(field) && (checked === null || field.value === value),
		);
		if (!input) continue;
		if (checked === null ? input.value !== value : input.checked !== checked) changed = input;
		if (checked === null) input.value = value;
		else input.checked = checked;
	}
	for (const id of all('[data-person] input[type=hidden]', form)) know(id.closest('[data-person]'), id.value);
	changed?.dispatchEvent(new Event('change', { bubbles: true })); // fields that depend on others
	return !!changed;
}

function restore(form, draft) {
	const before = valuesOf(form);
	if (!put(form, draft.values)) return;
	const note = one('[data-draft-note]', form);
	if (!note) return;
	const drop = Object.assign(document.createElement('button'), {
		type: 'button',
		className: 'link',
		textContent: 'Descartar',
	});
	drop.addEventListener('click', () => {
		put(form, before);
		sessionStorage.removeItem(keyOf(form));
		note.replaceChildren();
	});
	note.replaceChildren('Recuperamos o que você digitou. ', drop);
}

ready((root) => {
	for (const form of all('form[data-draft]', root)) {
		const draft = read(keyOf(form));
		if (!draft) continue;
		// The server answered with errors: what it shows is what was typed.
		if (one('[aria-invalid=true], .form-errors', form)) {
			write(keyOf(form), { ...draft, sent: false });
			continue;
		}
		if (!draft.sent) restore(form, draft);
		else sessionStorage.removeItem(keyOf(form));
	}
});

on('submit', 'form[data-sign-out]', () => sessionStorage.clear());

// ---- detours ----

const DETOUR = 'detour';

on(
	'click',
	'a[data-detour]',
	(event, link) => {
		const form = one(link.dataset.detour);
		const url = new URL(link.href);
		for (const name of link.dataset.tell.split(' ')) {
			const { value } = form.elements[name];
			if (value) url.searchParams.set(name, value);
			else url.searchParams.delete(name);
		}
		link.setAttribute('href', url.pathname + url.search);
		write(DETOUR, { at: Date.now(), values: valuesOf(form), to: url.pathname });
		if (form.dataset.draft) sessionStorage.removeItem(keyOf(form));
	},
	{ capture: true }, // before the drawer follows the link
);

// Back from the search, or gone elsewhere: then it is forgotten.
ready((root) => {
	const kept = read(DETOUR);
	const end = kept && one('[data-detour-end]', root);
	if (end) {
		const names = end.dataset.detourEnd.split(' ');
		const form = end.closest('form');
		if (put(form, kept.values.filter(([name]) => names.includes(name)))) noteTyped(form);
	}
	if (end || (root === document && kept?.to !== location.pathname)) sessionStorage.removeItem(DETOUR);
});
document.addEventListener('close', (event) => event.target.id === 'drawer' && sessionStorage.removeItem(DETOUR), true);
