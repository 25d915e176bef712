// A card that was carried or drawn longer is where it was put at once; here the server is asked whether it may
// stay. A refusal puts it back and offers what is free; a server that is away is waited for, and nothing is lost.
import { on, one } from '../lib/dom.js';

const siso = window.siso;
const WAITS_MS = [700, 1500, 2500, 4000, 6000, 8000, 10_000, 10_000, 10_000, 10_000];
const AWAY = new Set([502, 503, 504]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function makeSaver({ query, refresh, find, redraw }) {
	const saving = new Map(); // id of the visit -> where it was put
	let asked; // what the open dialog is about

	// undefined: nobody answers
	async function send(change) {
		try {
			const answer = await siso.send('PATCH', `/agenda/visits/${change.visit.id}/time${query()}`, change.fields);
			return AWAY.has(answer.status) ? undefined : answer;
		} catch {
			return undefined;
		}
	}

	// The first try may have been written although its answer was lost: then the visit is there already.
	async function isThere(change) {
		await refresh();
		const now = find(change.visit.id);
		return now && now.s === change.fields.start && now.v > change.visit.v;
	}

	async function insist(change) {
		siso.toast('O servidor não respondeu. A consulta fica onde você soltou e será gravada assim que ele voltar.', {
			tone: 'amber',
			icon: 'cloud-off',
		});
		for (const ms of WAITS_MS) {
			await pause(ms);
			const answer = await send(change);
			if (!answer) continue;
			if (answer.status === 412 && (await isThere(change))) {
				siso.toast(`${change.visit.n}: gravado`);
				return undefined;
			}
			return answer;
		}
		siso.toast('O servidor continua fora do ar. A consulta voltou para onde estava; mova de novo quando a conexão voltar.', {
			tone: 'red',
		});
		return undefined;
	}

	async function ask(change, answer) {
		const dialog = one('#ag-ask');
		const parsed = new DOMParser().parseFromString(await answer.clone().text(), 'text/html');
		const nodes = [...parsed.body.children].map((node) => document.importNode(node, true));
		// not the time is refused, but what the dentist does: the server's words say so
		if (!dialog || !nodes.some((node) => node.matches('header'))) return siso.take(answer);
		asked = change;
		dialog.replaceChildren(...nodes);
		dialog.showModal();
		return undefined;
	}

	async function settle(change, answer) {
		if (answer.ok) return siso.take(answer);
		if (answer.status === 409) return ask(change, answer);
		if (answer.status === 412)
			return siso.toast('Outra pessoa mudou esta consulta há pouco. Veja como ficou e mova de novo.', { tone: 'amber' });
		return siso.take(answer);
	}

	// The card stays where it was put until the new data say so themselves, or goes back before it is said why.
	async function save(change) {
		saving.set(change.visit.id, change);
		redraw();
		let answer;
		try {
			answer = (await send(change)) ?? (await insist(change));
			if (answer?.ok) await refresh();
		} finally {
			saving.delete(change.visit.id);
			redraw();
		}
		if (!answer) return refresh();
		await settle(change, answer);
		return answer.ok ? undefined : refresh();
	}

	on('click', '#ag-ask [data-slot]', (event, button) => {
		one('#ag-ask').close();
		const { start, dentist, chair } = button.dataset;
		const fields = { ...asked.fields, start, dentist_id: dentist };
		if (Number(chair)) Object.assign(fields, { chair_id: chair, chair: '1' });
		save({ visit: asked.visit, fields });
	});
	on('click', '#ag-ask [data-flag]', (event, button) => {
		one('#ag-ask').close();
		save({ ...asked, fields: { ...asked.fields, [button.dataset.flag]: '1' } });
	});

	// leaving now would lose what is not yet written: the browser asks
	addEventListener('beforeunload', (event) => saving.size && event.preventDefault());

	return { save, pending: (id) => saving.get(id) };
}
