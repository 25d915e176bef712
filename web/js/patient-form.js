// The patient's form. Notes that are too long (whole spreadsheets get pasted) are told before they are sent: the
// front would not take them, and nothing may be lost or cut.
document.addEventListener(
	'submit',
	(event) => {
		const notes = event.target.elements?.notes;
		const most = Number(notes?.closest('[data-notes-max]')?.dataset.notesMax);
		if (!most || notes.value.length <= most) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		const number = (n) => n.toLocaleString('pt-BR');
		document.getElementById('f-notes-bad')?.remove();
		const bad = Object.assign(document.createElement('p'), {
			id: 'f-notes-bad',
			className: 'field-bad',
			role: 'alert',
			textContent: `São ${number(notes.value.length)} letras; cabem ${number(most)}. Resuma, ou guarde o texto como documento.`,
		});
		notes.after(bad);
		notes.setAttribute('aria-invalid', 'true');
		notes.focus();
	},
	true,
);

// What the clinic knows of a CEP fills the address: only fields that are still empty when the answer comes, so
// nothing typed in the meantime is lost. Without an answer the address is typed by hand.
document.addEventListener('change', async (event) => {
	const box = event.target.closest?.('[data-cep-fills]');
	const typed = () => event.target.name === 'cep' && event.target.value.replace(/\D/g, '');
	const cep = typed();
	if (!box || !cep || cep.length !== 8) return;
	let known;
	try {
		const answer = await fetch(`/cep/${cep}`, { headers: { accept: 'application/json' } });
		if (answer.status !== 200) return;
		known = await answer.json();
	} catch {
		return;
	}
	if (typed() !== cep) return; // another one was typed meanwhile
	for (const name of box.dataset.cepFills.split(' ')) {
		const field = box.querySelector(`[name="${name}"]`);
		if (!field || field.value || !known[name]) continue;
		field.value = known[name];
		field.dispatchEvent(new Event('input', { bubbles: true }));
	}
});

// The photo is made small before it leaves the browser: an avatar needs no megabytes, and what is drawn anew
// carries no place and no camera. A file that the browser cannot draw goes as it is; the server judges it.
const SIDE = 512;

async function small(file) {
	const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
	const edge = Math.min(picture.width, picture.height);
	const side = Math.min(SIDE, edge);
	const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
	const left = (picture.width - edge) / 2;
	const top = (picture.height - edge) / 3; // faces are rather above the middle
	canvas.getContext('2d').drawImage(picture, left, top, edge, edge, 0, 0, side, side);
	const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.88));
	return new File([blob], 'foto.jpg', { type: 'image/jpeg' });
}

async function send(input, file) {
	const box = new DataTransfer();
	try {
		box.items.add(await small(file));
	} catch {
		box.items.add(file);
	}
	input.files = box.files;
	input.dataset.ready = '1';
	input.dispatchEvent(new Event('change', { bubbles: true }));
}

document.addEventListener(
	'change',
	(event) => {
		const input = event.target;
		if (input.id !== 'photo-file' || !input.files.length) return;
		if (input.dataset.ready) {
			delete input.dataset.ready;
			return;
		}
		event.stopImmediatePropagation();
		send(input, input.files[0]);
	},
	true,
);
document.addEventListener(
	'drop',
	(event) => {
		const input = event.target.closest?.('[data-upload]')?.querySelector('#photo-file');
		const file = event.dataTransfer?.files[0];
		if (!input || !file) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		send(input, file);
	},
	true,
);
