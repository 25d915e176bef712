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
	const cep = event.target.name === 'cep' && event.target.value.replace(/\D/g, '');
	if (!box || !cep || cep.length !== 8) return;
	let known;
	try {
		const answer = await fetch(`/cep/${cep}`, { headers: { accept: 'application/json' } });
		if (answer.status !== 200) return;
		known = await answer.json();
	} catch {
		return;
	}
	for (const name of box.dataset.cepFills.split(' ')) {
		const field = box.querySelector(`[name="${name}"]`);
		if (!field || field.value || !known[name]) continue;
		field.value = known[name];
		field.dispatchEvent(new Event('input', { bubbles: true }));
	}
});
