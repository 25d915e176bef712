// Masks help while typing; the server reads any form. Only an edit at the end of the text is put in
// shape at once, so the caret never jumps; the rest waits until the field is left.
import { on } from './dom.js';

const digits = (text) => text.replace(/\D/g, '');

// "##.###" with the characters put in; stops where they end
function fill(pattern, chars) {
	let i = 0;
	let made = '';
	for (const c of pattern) {
		if (i >= chars.length) break;
		made += c === '#' ? chars[i++] : c;
	}
	return made;
}

const shapes = {
	phone(text) {
		if (text.trim().startsWith('+')) return text;
		const chars = digits(text).replace(/^0(?=\d{10})/, '').slice(0, 11);
		return fill(chars.length > 10 ? '(##) #####-####' : '(##) ####-####', chars);
	},
	cpf: (text) => fill('###.###.###-##', digits(text).slice(0, 11)),
	cep: (text) => fill('#####-###', digits(text).slice(0, 8)),
	cnpj: (text) => fill('##.###.###/####-##', text.toUpperCase().replace(/[^0-9A-Z]/g, '').slice(0, 14)),
};

function money(text) {
	const clean = text.replace(/[^\d,.-]/g, '');
	if (!/\d/.test(clean)) return text;
	const comma = clean.lastIndexOf(',');
	const dot = clean.lastIndexOf('.');
	// a single dot with one or two digits behind it is a decimal point; three are thousands
	const at = comma >= 0 ? comma : dot >= 0 && clean.length - dot <= 3 && clean.indexOf('.') === dot ? dot : -1;
	const whole = digits(at >= 0 ? clean.slice(0, at) : clean) || '0';
	const cents = at >= 0 ? digits(clean.slice(at + 1)).slice(0, 2).padEnd(2, '0') : '00';
	const grouped = whole.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, '.');
	return `${clean.startsWith('-') ? '-' : ''}${grouped},${cents}`;
}

on('input', '[data-mask]', (event, input) => {
	const shape = shapes[input.dataset.mask];
	const deleting = event.inputType?.startsWith('delete');
	if (!shape || deleting || input.selectionStart !== input.value.length) return;
	input.value = shape(input.value);
});
on('focusout', '[data-mask]', (event, input) => {
	const shape = input.dataset.mask === 'money' ? money : shapes[input.dataset.mask];
	if (shape && input.value) input.value = shape(input.value);
});
