// Something of the page that the pointer carries to a place where it may be dropped: somebody of the waiting list to
// a free place of the grid, a visit to another day. A finger holds it a moment first, or it scrolls.
//
//   from: selector of what can be carried; at(x, y): the place there, or undefined; say(place): its name;
//   drop(what, place, row): what is the dataset; done(): the hands are free again
import { all, one } from '../lib/dom.js';

const FAR_PX = 6;
const HOLD_MS = 350;

export function makeCarry({ from: selector, at, say, drop, done }) {
	let row;
	let start;
	let ghost;
	let target; // the cell under the pointer
	let timer;

	function place(event) {
		ghost.style.left = `${event.clientX + 12}px`;
		ghost.style.top = `${event.clientY + 8}px`;
		const point = at(event.clientX, event.clientY, row);
		one('small', ghost).textContent = point ? say(point) : 'Solte num horário livre';
		ghost.classList.toggle('is-over', !!point);
		if (point?.cell === target) return;
		target?.classList.remove('is-target');
		target = point?.cell;
		target?.classList.add('is-target');
	}

	function begin(event) {
		ghost = document.createElement('div');
		ghost.className = 'ag-ghost';
		ghost.append(Object.assign(document.createElement('b'), { textContent: row.dataset.name }), document.createElement('small'));
		document.body.append(ghost);
		row.classList.add('is-carried');
		row.setPointerCapture?.(event.pointerId);
		place(event);
	}

	function end() {
		clearTimeout(timer);
		const carried = !!ghost;
		ghost?.remove();
		target?.classList.remove('is-target');
		for (const other of all('.is-carried')) other.classList.remove('is-carried');
		row = start = ghost = target = undefined;
		if (carried) done?.();
	}

	document.addEventListener('pointerdown', (event) => {
		const found = event.target.closest?.(selector);
		if (row || !found || event.button !== 0 || !event.isPrimary) return;
		row = found;
		start = { x: event.clientX, y: event.clientY, touch: event.pointerType === 'touch' };
		if (start.touch) timer = setTimeout(() => begin(event), HOLD_MS);
	});
	document.addEventListener('pointermove', (event) => {
		if (!row) return;
		if (!ghost) {
			if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < FAR_PX) return;
			if (start.touch) return end();
			begin(event);
		}
		event.preventDefault();
		place(event);
	});
	document.addEventListener('touchmove', (event) => ghost && event.preventDefault(), { passive: false });
	document.addEventListener('contextmenu', (event) => row && start.touch && event.preventDefault());
	document.addEventListener('pointerup', (event) => {
		if (!row) return;
		if (!ghost) return end();
		const what = { ...row.dataset };
		const point = at(event.clientX, event.clientY, row);
		const carried = row;
		end();
		// the click that follows is the end of the carrying, not a click
		const swallow = (click) => {
			click.preventDefault();
			click.stopPropagation();
		};
		addEventListener('click', swallow, { capture: true });
		setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0);
		if (point) drop(what, point, carried);
	});
	document.addEventListener('pointercancel', end);
	document.addEventListener('keydown', (event) => event.key === 'Escape' && ghost && end());

	return { isHeld: () => !!ghost };
}
