// Configurações, Aparência: the colours being tried are shown at once, everywhere on the page. The
// server makes the style sheet of a try (/theme.css with the numbers) and measures its contrast.
import { all, delay, on, one } from './lib/dom.js';

const form = one('#theme-form');
const parts = () => Object.fromEntries(all('[data-theme-part]', form).map((input) => [input.name, input.value]));

const show = delay(120, () => {
	const link = one('#theme-css');
	const tried = new URLSearchParams(parts());
	const next = link.cloneNode();
	next.href = `${link.href.split('?')[0]}?${tried}`;
	next.addEventListener('load', () => link.remove(), { once: true });
	link.removeAttribute('id');
	link.after(next);
	const contrast = one('#contrast');
	if (contrast)
		window.siso.htmx.ajax('GET', `/settings/theme/contrast?${tried}`, { source: '#contrast', target: '#contrast', swap: 'outerHTML' });
});

on('input', '[data-theme-part]', show);
on('click', '[data-palette]', (event, button) => {
	for (const input of all('[data-theme-part]', form))
		if (button.dataset[input.name] !== undefined) input.value = button.dataset[input.name];
	show();
});
