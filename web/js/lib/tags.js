// A box of tags: Enter or a comma makes one, Backspace in the empty input takes the last. Each tag is
// a hidden input of the same name, so without this script a single one can still be sent.
import { all, on, one } from './dom.js';

function add(box, text) {
	const clean = text.trim().replace(/\s+/g, ' ');
	if (!clean) return;
	const input = one(':scope > .input', box);
	const there = all('.tag > [type=hidden]', box).some((tag) => tag.value.toLowerCase() === clean.toLowerCase());
	if (!there) {
		const tag = one('template', box).content.firstElementChild.cloneNode(true);
		one('span', tag).textContent = clean;
		one('[type=hidden]', tag).value = clean;
		one('[data-untag]', tag).setAttribute('aria-label', `Tirar ${clean}`);
		input.before(tag);
	}
	input.value = '';
	box.dispatchEvent(new Event('change', { bubbles: true }));
}

// The empty input is no tag.
document.addEventListener('formdata', (event) => {
	for (const box of all('[data-tags]', event.target)) {
		const name = box.dataset.tags;
		const values = event.formData.getAll(name).filter((value) => value.trim());
		event.formData.delete(name);
		for (const value of values) event.formData.append(name, value);
	}
});

on('keydown', '[data-tags] > .input', (event, input) => {
	const box = input.parentElement;
	if ((event.key === 'Enter' || event.key === ',') && !event.isComposing) {
		if (!input.value.trim() && event.key === 'Enter') return;
		event.preventDefault();
		add(box, input.value);
	} else if (event.key === 'Backspace' && !input.value) {
		all('.tag', box).at(-1)?.remove();
		box.dispatchEvent(new Event('change', { bubbles: true }));
	}
});
on('input', '[data-tags] > .input', (event, input) => {
	const parts = input.value.split(/[,;\n]/);
	if (parts.length < 2) return;
	const rest = parts.pop();
	for (const part of parts) add(input.parentElement, part);
	input.value = rest;
});
on('focusout', '[data-tags] > .input', (event, input) => add(input.parentElement, input.value));
on('click', '[data-untag]', (event, button) => {
	const box = button.closest('[data-tags]');
	button.closest('.tag').remove();
	one(':scope > .input', box).focus();
	box.dispatchEvent(new Event('change', { bubbles: true }));
});
on('click', '[data-tags]', (event, box) => {
	if (event.target === box) one(':scope > .input', box).focus();
});
