// The gallery's uploads: where they go says what they are, so category, date and visit are put into the address of
// the box; the phone's camera hands its picture to the same box.
import { one } from './lib/dom.js';

const part = one('[data-images]');

function aim() {
	const box = one('[data-upload]', part);
	const address = new URL(box.dataset.url, location.href);
	for (const name of ['category', 'date', 'visit']) {
		const value = one(`[name=${name}]`, part)?.value;
		if (value) address.searchParams.set(name, value);
		else address.searchParams.delete(name);
	}
	box.dataset.url = address.pathname + address.search;
}

if (part) {
	aim();
	part.addEventListener('change', aim);
	part.addEventListener('input', aim);
	one('#camera', part)?.addEventListener('change', (event) => {
		const input = one('[data-upload] input[type=file]', part);
		const files = new DataTransfer();
		for (const file of event.target.files) files.items.add(file);
		event.target.value = '';
		input.files = files.files;
		input.dispatchEvent(new Event('change', { bubbles: true }));
	});
	// dropped anywhere on the page, not only on the box
	for (const type of ['dragover', 'drop'])
		document.addEventListener(type, (event) => {
			if (!event.dataTransfer?.types.includes('Files') || event.target.closest('[data-upload] .upload')) return;
			event.preventDefault();
			if (type !== 'drop') return;
			const input = one('[data-upload] input[type=file]', part);
			input.files = event.dataTransfer.files;
			input.dispatchEvent(new Event('change', { bubbles: true }));
		});
}
