// Somebody of the waiting list, carried by the pointer to a free place of the grid.
import { all, one } from '../lib/dom.js';

const FAR_PX = 6;

export function makeCarry({ at, drop }) {
	let row;
	let from;
	let ghost;

	function label(event) {
		const point = at(event.clientX, event.clientY);
		one('small', ghost).textContent = point ? `${point.time}${point.name ? ` · ${point.name}` : ''}` : 'Solte num horário livre';
		ghost.classList.toggle('is-over', !!point);
	}

	function begin(event) {
		ghost = document.createElement('div');
		ghost.className = 'ag-ghost';
		ghost.append(Object.assign(document.createElement('b'), { textContent: row.dataset.name }), document.createElement('small'));
		document.body.append(ghost);
		row.classList.add('is-carried');
		row.setPointerCapture?.(event.pointerId);
	}

	function end() {
		ghost?.remove();
		row?.classList.remove('is-carried');
		for (const other of all('.ag-waits.is-carried')) other.classList.remove('is-carried');
		row = from = ghost = undefined;
	}

	document.addEventListener('pointerdown', (event) => {
		const found = event.target.closest?.('[data-waiting].is-drag');
		if (!found || event.button !== 0) return;
		row = found;
		from = { x: event.clientX, y: event.clientY };
	});
	document.addEventListener('pointermove', (event) => {
		if (!row) return;
		if (!ghost && Math.hypot(event.clientX - from.x, event.clientY - from.y) < FAR_PX) return;
		if (!ghost) begin(event);
		event.preventDefault();
		ghost.style.left = `${event.clientX + 12}px`;
		ghost.style.top = `${event.clientY + 8}px`;
		label(event);
	});
	document.addEventListener('pointerup', (event) => {
		if (!row) return;
		const carried = !!ghost;
		const waiting = { ...row.dataset };
		const point = carried && at(event.clientX, event.clientY);
		end();
		if (!carried) return;
		// the click that follows is the end of the carrying, not a click
		const swallow = (click) => {
			click.preventDefault();
			click.stopPropagation();
		};
		addEventListener('click', swallow, { capture: true });
		setTimeout(() => removeEventListener('click', swallow, { capture: true }), 0);
		if (point) drop(waiting, point);
	});
	document.addEventListener('pointercancel', end);
	document.addEventListener('keydown', (event) => event.key === 'Escape' && ghost && end());
}
