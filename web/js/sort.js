// Lists put in order by hand: [data-sort] with data-url, whose items carry data-id and are taken by
// [data-grip] or their first <span>. The new order is sent as PATCH data-url with ids, ids, …; a refusal puts
// the item back and says why. The keyboard's way is the item's menu ("Subir", "Descer").
import Sortable from 'sortablejs/modular/sortable.core.esm.js';
import { all } from './lib/dom.js';

const siso = window.siso;
const idsOf = (list) => all(':scope > [data-id]', list).map((item) => item.dataset.id);

async function save(list, before) {
	const order = new URLSearchParams(idsOf(list).map((id) => ['ids', id]));
	let answer;
	try {
		answer = await siso.send('PATCH', list.dataset.url, order);
	} catch {
		siso.toast('Sem conexão: a ordem não mudou.', { tone: 'red' });
	}
	if (answer) await siso.take(answer);
	if (answer?.ok) return;
	for (const id of before) list.append(list.querySelector(`:scope > [data-id="${CSS.escape(id)}"]`));
}

for (const list of all('[data-sort]')) {
	let before;
	Sortable.create(list, {
		draggable: '[data-id]',
		handle: '[data-grip], [data-id] > span:first-child',
		animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 160,
		forceFallback: true,
		fallbackOnBody: true,
		fallbackTolerance: 4,
		ghostClass: 'is-ghost',
		fallbackClass: 'is-carried',
		onStart: () => (before = idsOf(list)),
		onEnd(event) {
			if (event.oldDraggableIndex !== event.newDraggableIndex) save(list, before);
		},
	});
}
