// A full mouth series: X-rays are dragged into 18 slots, or pressed and then their slot; twice on a slot
// takes one out. Each move is saved at once.
//
//   [data-mount][data-url]   the slots: [data-slot], with [data-image] when one lies there
//   [data-loose]             X-rays that lie nowhere
import { all, one } from './lib/dom.js';

const mount = one('[data-mount]');
const loose = one('[data-loose]');
let held = null; // the button whose image is being carried

function hold(button) {
	for (const other of all('[data-image], [data-slot]', document)) if (other.hasAttribute('aria-pressed')) other.setAttribute('aria-pressed', 'false');
	held = button;
	button?.setAttribute('aria-pressed', 'true');
}

async function put(slot, image) {
	try {
		const answer = await window.siso.send('PATCH', mount.dataset.url, image ? { slot, image } : { slot });
		if (!answer.ok) await window.siso.take(answer);
		return answer.ok;
	} catch {
		window.siso.toast('Sem conexão: a série não mudou.', { tone: 'red' });
		return false;
	}
}

function fill(slot, image, picture) {
	slot.replaceChildren();
	if (!image) {
		delete slot.dataset.image;
		slot.draggable = false;
		slot.textContent = slot.dataset.slot;
		slot.setAttribute('aria-label', `${slot.dataset.slot}, ${slot.title}: vazia`);
		return;
	}
	slot.dataset.image = image;
	slot.draggable = true;
	picture.className = 'pointer-events-none absolute inset-0 size-full object-contain';
	slot.append(picture);
	slot.setAttribute('aria-label', `${slot.dataset.slot}, ${slot.title}`);
}

function layDown(image, picture) {
	const item = document.createElement('li');
	const button = document.createElement('button');
	button.type = 'button';
	button.className = 'w-full cursor-pointer overflow-hidden rounded border bg-neutral-950 aria-pressed:outline-3 aria-pressed:outline-primary';
	button.dataset.image = image;
	button.draggable = true;
	button.setAttribute('aria-pressed', 'false');
	button.setAttribute('aria-label', 'Radiografia fora da série');
	picture.className = 'pointer-events-none aspect-[3/4] w-full object-contain';
	button.append(picture);
	item.append(button);
	loose.append(item);
}

async function place(slot) {
	const from = held;
	const image = from?.dataset.image;
	hold(null);
	if (!image || from === slot) return;
	if (!(await put(slot.dataset.slot, image))) return;
	const picture = one('img', from);
	const before = slot.dataset.image && { image: slot.dataset.image, picture: one('img', slot) };
	if (from.dataset.slot) fill(from, null);
	else from.closest('li').remove();
	fill(slot, image, picture);
	if (before) layDown(before.image, before.picture);
	slot.focus();
}

async function takeOut(slot) {
	hold(null);
	if (!slot.dataset.image || !(await put(slot.dataset.slot, null))) return;
	const { image } = slot.dataset;
	const picture = one('img', slot);
	fill(slot, null);
	layDown(image, picture);
}

if (mount) {
	document.addEventListener('click', (event) => {
		const slot = event.target.closest('[data-slot]');
		const image = event.target.closest('[data-image]');
		if (slot && held && held !== slot) place(slot);
		else if (slot && held === slot) takeOut(slot);
		else if (image) hold(held === image ? null : image);
	});
	mount.addEventListener('keydown', (event) => {
		const slot = event.target.closest('[data-slot]');
		if (slot && (event.key === 'Delete' || event.key === 'Backspace')) takeOut(slot);
	});
	document.addEventListener('dragstart', (event) => {
		const image = event.target.closest?.('[data-image]');
		if (!image) return;
		event.dataTransfer.effectAllowed = 'move';
		event.dataTransfer.setData('text/plain', image.dataset.image);
		hold(image);
	});
	for (const type of ['dragover', 'dragleave', 'drop'])
		mount.addEventListener(type, (event) => {
			const slot = event.target.closest('[data-slot]');
			if (!slot || !held) return;
			event.preventDefault();
			slot.toggleAttribute('data-over', type === 'dragover');
			if (type === 'drop') place(slot);
		});
	loose.addEventListener('dragover', (event) => held?.dataset.slot && event.preventDefault());
	loose.addEventListener('drop', (event) => {
		event.preventDefault();
		if (held?.dataset.slot) takeOut(held);
	});
	document.addEventListener('dragend', () => hold(null));
}
