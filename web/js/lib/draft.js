// Drafts: what was typed into a form with data-draft is kept in this tab until it was saved, so a
// closed lid, a lost session or a wrong click costs nothing. It is never sent anywhere, forgets
// itself after half a day, and goes with the session: signing out clears it.
import { all, delay, on, one, ready } from './dom.js';

const HOURS = 12;
const keyOf = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
const keeps = (input) => input.name && !['password', 'file', 'hidden', 'submit'].includes(input.type);

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

const keep = delay(400, (form) => {
	if (form.isConnected) write(keyOf(form), { at: Date.now(), values: valuesOf(form), sent: false });
});
on('input', 'form[data-draft]', (event, form) => keep(form));
on('change', 'form[data-draft]', (event, form) => keep(form));
on('submit', 'form[data-draft]', (event, form) => {
	write(keyOf(form), { at: Date.now(), values: valuesOf(form), sent: true });
});

function restore(form, draft) {
	let changed = false;
	for (const [name, value, checked] of draft.values) {
		const input = [...form.elements].find(
			(field) => field.name === name && keeps(field) && (checked === null || field.value === value),
		);
		if (!input) continue;
		if (checked === null ? input.value !== value : input.checked !== checked) changed = true;
		if (checked === null) input.value = value;
		else input.checked = checked;
	}
	if (!changed) return;
	const note = one('[data-draft-note]', form);
	if (!note) return;
	const drop = Object.assign(document.createElement('button'), {
		type: 'button',
		className: 'link',
		textContent: 'Descartar',
	});
	drop.addEventListener('click', () => {
		sessionStorage.removeItem(keyOf(form));
		form.reset();
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
