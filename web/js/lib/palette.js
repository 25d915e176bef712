// The command palette: what can be made, where one can go (both known to the page), and whom the
// server finds (GET /palette?q=). Focus stays in the input; the arrows move the selection.
import { all, delay, on, one } from './dom.js';
import { open } from './dialog.js';

const dialog = one('#palette');
const list = dialog && one('[role=listbox]', dialog);
const input = dialog && one('input', dialog);
const fold = (text) =>
	text
		.normalize('NFD')
		.replace(/[\u0300-\u036f]/g, '')
		.toLowerCase();

let known; // [{ group, title, href, icon, keys, text }]
let found = []; // nodes from the server
let asked = '';
let request;

function readPage() {
	const entries = [];
	const add = (group, link) => {
		const title = (one('.label', link) ?? link).textContent.trim();
		entries.push({
			group,
			title,
			href: link.getAttribute('href'),
			icon: one('use', link)?.getAttribute('href'),
			keys: link.dataset.keys,
			drawer: 'drawer' in link.dataset,
			text: fold(title),
		});
	};
	for (const link of all('#create a')) add('Criar', link);
	for (const link of all('.side .nav a')) add('Ir para', link);
	for (const link of all('.settings-nav a')) add('Configurações', link);
	return entries;
}

const svgNS = 'http://www.w3.org/2000/svg';

function optionOf(entry) {
	const link = document.createElement('a');
	link.className = 'palette-item';
	link.href = entry.href;
	link.tabIndex = -1;
	link.setAttribute('role', 'option');
	if (entry.drawer) link.dataset.drawer = '';
	if (entry.icon) {
		const svg = document.createElementNS(svgNS, 'svg');
		svg.setAttribute('class', 'i');
		svg.setAttribute('aria-hidden', 'true');
		svg.append(document.createElementNS(svgNS, 'use'));
		svg.firstChild.setAttribute('href', entry.icon);
		link.append(svg);
	}
	const title = document.createElement('span');
	title.textContent = entry.title;
	link.append(title);
	if (entry.keys) {
		const keys = document.createElement('span');
		keys.className = 'keys max-md:hidden';
		keys.setAttribute('aria-hidden', 'true');
		for (const key of entry.keys.split(' ')) {
			const box = document.createElement('kbd');
			box.className = 'key';
			box.textContent = key.toUpperCase();
			keys.append(box);
		}
		link.append(keys);
	}
	return link;
}

function heading(text) {
	const made = document.createElement('p');
	made.className = 'palette-group';
	made.setAttribute('role', 'presentation');
	made.textContent = text;
	return made;
}

function draw() {
	const words = fold(input.value).split(/\s+/).filter(Boolean);
	const fits = known.filter((entry) => words.every((word) => entry.text.includes(word)));
	const nodes = words.length ? [...found] : [];
	let group;
	for (const entry of fits) {
		if (entry.group !== group) nodes.push(heading((group = entry.group)));
		nodes.push(optionOf(entry));
	}
	list.replaceChildren(...nodes);
	all('[role=option]', list).forEach((option, i) => (option.id = `palette-${i}`));
	const waiting = words.length && asked !== input.value.trim();
	one('.palette-empty', dialog).hidden = waiting || all('[role=option]', list).length > 0;
	select(all('[role=option]', list)[0]);
}

function select(option) {
	for (const other of all('[role=option]', list)) other.setAttribute('aria-selected', String(other === option));
	if (option) input.setAttribute('aria-activedescendant', option.id);
	else input.removeAttribute('aria-activedescendant');
	option?.scrollIntoView({ block: 'nearest' });
}

const ask = delay(180, async () => {
	const question = input.value.trim();
	request?.abort();
	if (question.length < 2) {
		asked = question;
		found = [];
		draw();
		return;
	}
	request = new AbortController();
	try {
		const answer = await fetch(`/palette?q=${encodeURIComponent(question)}`, {
			headers: { 'HX-Request': 'true' },
			signal: request.signal,
		});
		if (!answer.ok) return;
		const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
		found = [...parsed.body.querySelectorAll('.palette-group, .palette-item')].map((node) =>
			document.importNode(node, true),
		);
		asked = question;
		draw();
	} catch (error) {
		if (error.name !== 'AbortError') throw error;
	}
});

function move(step) {
	const options = all('[role=option]', list);
	const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
	select(options[(at + step + options.length) % options.length]);
}

export function openPalette() {
	if (!dialog) return;
	open(dialog);
}

if (dialog) {
	dialog.addEventListener('siso:open', () => {
		known ??= readPage();
		input.value = '';
		asked = '';
		found = [];
		draw();
		input.focus();
	});
	input.addEventListener('input', () => {
		draw();
		ask();
	});
	input.addEventListener('keydown', (event) => {
		const chosen = one('[aria-selected=true]', list);
		if (event.key === 'ArrowDown') move(1);
		else if (event.key === 'ArrowUp') move(-1);
		else if (event.key === 'Enter' && chosen) {
			if (event.ctrlKey || event.metaKey) window.open(chosen.href, '_blank', 'noopener');
			else chosen.click();
		} else return;
		event.preventDefault();
	});
	on('pointermove', '#palette [role=option]', (event, option) => {
		if (option.getAttribute('aria-selected') !== 'true') select(option);
	});
	on('click', '#palette [role=option]', () => dialog.close());
}
