// A list whose order is changed by dragging: <ol data-sort data-url="/…/order"> of <li data-id>. The new
// order is sent as PATCH with ids; on failure the list goes back and the answer's toast says why. The
// rows' own menus (Subir, Descer) are the way of the keyboard.
import Sortable from 'sortablejs/modular/sortable.core.esm.js';
import { all } from './lib/dom.js';

const siso = window.siso;
const idsOf = (list) => all(':scope > [data-id]', list).map((row) => row.dataset.id);

for (const list of all('[data-sort]')) {
	let before = idsOf(list);
	const sortable = Sortable.create(list, {
		handle: '.i',
		animation: 150,
		delay: 150,
		delayOnTouchOnly: true,
		forceFallback: true,
		async onEnd() {
			const ids = idsOf(list);
			const answer = await siso.send('PATCH', list.dataset.url, ids.map((id) => ['ids', id]));
			if (answer.ok) before = ids;
			else sortable.sort(before, true);
		},
	});
}
