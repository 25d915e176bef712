// Small behaviours that are a few lines each.
import { all, delay, on, one, ready } from './dom.js';

on('click', '[data-theme-toggle]', () => {
	const dark = document.documentElement.classList.toggle('dark');
	const secure = location.protocol === 'https:' ? ';Secure' : '';
	document.cookie = `theme=${dark ? 'dark' : 'light'};Path=/;Max-Age=31536000;SameSite=Lax${secure}`;
});

on('click', '[data-back]', () => {
	if (history.length > 1) history.back();
	else location.href = '/';
});

on('click', '[data-reveal]', (event, button) => {
	const input = document.getElementById(button.getAttribute('aria-controls'));
	const shown = input.type === 'password';
	input.type = shown ? 'text' : 'password';
	button.setAttribute('aria-pressed', String(shown));
	button.setAttribute('aria-label', shown ? 'Esconder a senha' : 'Mostrar a senha');
});

ready((root) => one('[data-focus]', root)?.focus());

// Of more links than there is room for, the page's own is in sight.
ready((root) => {
	for (const link of all('.settings-nav [aria-current], .tabs-line [aria-current]', root)) {
		const row = link.parentElement;
		row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
		row.scrollTop = link.offsetTop - (row.clientHeight - link.offsetHeight) / 2;
	}
});

// ---- rows to tick ----

function countTicks(scope) {
	const boxes = all('[data-check]', scope);
	const ticked = boxes.filter((box) => box.checked).length;
	for (const box of all('[data-check-all]', scope)) {
		box.checked = ticked > 0 && ticked === boxes.length;
		box.indeterminate = ticked > 0 && ticked < boxes.length;
	}
	for (const bar of all('[data-bulk]', scope)) {
		bar.hidden = !ticked;
		const count = one('[data-bulk-count]', bar);
		if (count) count.textContent = String(ticked);
	}
}
const scopeOf = (element) => element.closest('[data-bulk-scope]') ?? element.closest('form, .card') ?? document;
on('change', '[data-check-all]', (event, box) => {
	for (const other of all('[data-check]', scopeOf(box))) other.checked = box.checked;
	countTicks(scopeOf(box));
});
on('change', '[data-check]', (event, box) => countTicks(scopeOf(box)));
on('click', '[data-uncheck]', (event, button) => {
	for (const box of all('[data-check]', scopeOf(button))) box.checked = false;
	countTicks(scopeOf(button));
});

// ---- forms that send themselves, fields that depend on others ----

const later = delay(350, (form) => form.requestSubmit());
on('change', 'form[data-auto]', (event, form) => {
	if (event.target.type !== 'search') form.requestSubmit();
});
on('input', 'form[data-auto]', (event, form) => {
	if (event.target.type === 'search') later(form);
});

function showWhen(root) {
	for (const part of all('[data-when]', root)) {
		const [name, values] = part.dataset.when.split('=');
		const form = part.closest('form');
		const field = form?.elements[name];
		if (!field) continue;
		const value = field.type === 'checkbox' ? (field.checked ? field.value : '') : field.value;
		part.hidden = !values.split('|').includes(value);
	}
}
ready(showWhen);
document.addEventListener('change', (event) => event.target.form && showWhen(event.target.form));
