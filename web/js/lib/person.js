// The field of a patient: names are found while one types; what is not picked is a new patient.
//
//   <div data-person data-url="/agenda/patients">
//     <input type="hidden" name="patient_id">
//     <input role="combobox" aria-controls="…">  <div role="listbox" hidden></div>
//     <p data-person-known hidden>…</p>
//   </div>
//   <div data-person-new>…fields of a new one…</div>     (anywhere in the same form)
//
// GET data-url?q=… answers elements of role=option with data-id and data-name.
import { all, delay, on, one } from './dom.js';

const parts = (box) => ({
	input: one('[role=combobox]', box),
	list: one('[role=listbox]', box),
	id: one('input[type=hidden]', box),
	form: box.closest('form'),
});

function show(box, open) {
	const { input, list } = parts(box);
	list.hidden = !open;
	input.setAttribute('aria-expanded', String(open));
	if (!open) input.removeAttribute('aria-activedescendant');
}

export function know(box, id) {
	const { id: field, form } = parts(box);
	field.value = id;
	const known = one('[data-person-known]', box);
	const fresh = form && one('[data-person-new]', form);
	if (known) known.hidden = !id;
	if (fresh) fresh.hidden = !!id;
}

function mark(box, option) {
	const { input, list } = parts(box);
	for (const other of all('[role=option]', list)) other.setAttribute('aria-selected', String(other === option));
	if (!option) return input.removeAttribute('aria-activedescendant');
	input.setAttribute('aria-activedescendant', option.id);
	option.scrollIntoView({ block: 'nearest' });
}

function pick(box, option) {
	const { input, form } = parts(box);
	input.value = option.dataset.name;
	know(box, option.dataset.id);
	show(box, false);
	form?.dispatchEvent(new Event('change', { bubbles: true }));
}

let request;
const ask = delay(140, async (box) => {
	const { input, list } = parts(box);
	const text = input.value.trim();
	request?.abort();
	if (text.length < 2) return show(box, false);
	request = new AbortController();
	try {
		const url = `${box.dataset.url}?q=${encodeURIComponent(text)}`;
		const answer = await fetch(url, { headers: { 'HX-Request': 'true' }, signal: request.signal });
		if (!answer.ok || input.value.trim() !== text) return;
		const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
		list.replaceChildren(...[...parsed.body.children].map((node) => document.importNode(node, true)));
		show(box, document.activeElement === input && list.childElementCount > 0);
		mark(box, one('[role=option]', list));
	} catch {
		// typed on, or no connection: the form takes the name as it is
	}
});

on('input', '[data-person] [role=combobox]', (event, input) => {
	const box = input.closest('[data-person]');
	know(box, '');
	ask(box);
});

on('keydown', '[data-person] [role=combobox]', (event, input) => {
	const box = input.closest('[data-person]');
	const { list } = parts(box);
	if (list.hidden) return;
	const options = all('[role=option]', list);
	const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
	if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
		event.preventDefault();
		const step = event.key === 'ArrowDown' ? 1 : -1;
		if (options.length) mark(box, options[(at + step + options.length) % options.length]);
	} else if (event.key === 'Enter' && options[at]) {
		event.preventDefault();
		pick(box, options[at]);
	} else if (event.key === 'Escape') {
		event.preventDefault();
		event.stopPropagation();
		show(box, false);
	} else if (event.key === 'Tab') {
		show(box, false);
	}
});

// before the field loses its focus
on('pointerdown', '[data-person] [role=option]', (event, option) => {
	event.preventDefault();
	pick(option.closest('[data-person]'), option);
});
document.addEventListener('focusout', (event) => {
	const box = event.target.closest?.('[data-person]');
	if (box) setTimeout(() => !box.contains(document.activeElement) && show(box, false), 0);
});

// The drawer gives the focus to its title; who opened a form to write a name goes on typing.
document.addEventListener('siso:open', (event) => one('[data-person] [data-focus]', event.target)?.focus());
