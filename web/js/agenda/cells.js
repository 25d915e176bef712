// The week of everybody and the month of one: the server's drawing, in which a visit is carried to another cell and
// keeps its hour. It is where it was dropped at once; the server says whether it may stay.
import { one } from '../lib/dom.js';
import { makeCarry } from './carry.js';

const nodeOf = (id) => one(`[data-visit="${id}"]`);

export function makeCells({ save, done }) {
	const moved = new Map(); // id -> { node, home, behind, cell }

	const put = ({ node, cell }) => {
		node.classList.add('is-saving');
		const list = one('.wk-cell, .ag-cell-list', cell) ?? cell.firstElementChild;
		const foot = one('.wk-foot', cell);
		if (foot) foot.before(node);
		else list.append(node);
	};
	const back = ({ node, home, behind }) => {
		node.classList.remove('is-saving');
		home.insertBefore(node, behind?.parentNode === home ? behind : null);
	};

	const carry = makeCarry({
		from: '.wk.is-drag',
		at(x, y, row) {
			const cell = document.elementFromPoint(x, y)?.closest('[data-drop]');
			return cell && cell !== row.closest('[data-drop]') ? { cell } : undefined;
		},
		say: ({ cell }) => cell.dataset.where,
		drop(what, { cell }, node) {
			const start = `${cell.dataset.drop}T${what.start.slice(11)}`;
			const fields = { start, minutes: what.minutes, version: what.version };
			if (cell.dataset.dentist) fields.dentist_id = cell.dataset.dentist;
			moved.set(what.visit, { node, home: node.parentNode, behind: node.nextSibling, cell });
			save({ visit: { id: what.visit, v: Number(what.version), n: what.name }, fields });
		},
		done,
	});

	return {
		isHeld: carry.isHeld,
		find(id) {
			const node = nodeOf(id);
			return node && { s: node.dataset.start, v: Number(node.dataset.version) };
		},
		// Where the hands put it, or where it came from. The part may have been drawn anew since.
		redraw(pending) {
			for (const [id, was] of moved) {
				const now = nodeOf(id) ?? was.node;
				const cell = was.cell.isConnected
					? was.cell
					: one(`[data-drop="${was.cell.dataset.drop}"]${was.cell.dataset.dentist ? `[data-dentist="${was.cell.dataset.dentist}"]` : ''}`);
				if (now !== was.node) Object.assign(was, { node: now, home: now.parentNode, behind: now.nextSibling });
				if (pending(id) && cell) put({ node: now, cell });
				else {
					back(was);
					moved.delete(id);
				}
			}
		},
	};
}
