// Uploads: each file goes by one PUT of its raw bytes, with its progress. XMLHttpRequest because fetch
// cannot tell how much was sent.
import { all, on, one } from './dom.js';
import { mayLeave } from './session.js';

const sizeText = (bytes) =>
	bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1).replace('.', ',')} MB`;

function itemFor(box, file) {
	const item = one('template', box).content.firstElementChild.cloneNode(true);
	const [name, note] = item.children;
	name.textContent = file.name;
	note.textContent = sizeText(file.size);
	one('.upload-list', box).append(item);
	return {
		item,
		say: (text) => (note.textContent = text),
		progress: (percent) => (one('progress', item).value = percent),
		bad(text) {
			item.classList.add('is-bad');
			one('progress', item)?.remove();
			note.textContent = text;
		},
	};
}

function accepted(file, accept) {
	if (!accept) return true;
	return accept
		.split(',')
		.map((kind) => kind.trim().toLowerCase())
		.some((kind) =>
			kind.startsWith('.')
				? file.name.toLowerCase().endsWith(kind)
				: kind.endsWith('/*')
					? file.type.startsWith(kind.slice(0, -1))
					: file.type === kind,
		);
}

// What a refused answer says: the toast in it, or a sentence for the status.
function reason(request) {
	const parsed = new DOMParser().parseFromString(request.responseText, 'text/html');
	const said = one('.toast > div', parsed)?.textContent;
	if (said) return said;
	return (
		{ 0: 'A conexão caiu. Tente de novo.', 413: 'O arquivo passa do tamanho permitido.', 507: 'Acabou o espaço do plano.' }[
			request.status
		] ?? 'Não foi possível enviar. Tente de novo.'
	);
}

function finish(box, request) {
	const go = request.getResponseHeader('HX-Redirect');
	const { target } = box.dataset;
	if (go) location.href = go;
	else if (target) window.siso.htmx.swap({ target, text: request.responseText, swap: 'innerHTML' });
	else location.reload();
}

function put(box, file, view) {
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();
		request.open('PUT', box.dataset.url);
		request.setRequestHeader('HX-Request', 'true');
		request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
		request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
		request.upload.addEventListener('progress', (event) => {
			const percent = event.lengthComputable ? Math.round((event.loaded / event.total) * 100) : 0;
			view.progress(percent);
			view.say(percent < 100 ? `${percent}%` : 'Conferindo…');
		});
		request.addEventListener('loadend', () => resolve(request));
		request.send(file);
	});
}

// The request that went well, or null.
async function send(box, file) {
	const view = itemFor(box, file);
	const max = Number(box.dataset.max ?? 0);
	if (max && file.size > max) {
		view.bad(`Tem ${sizeText(file.size)}; o limite é ${sizeText(max)}.`);
		return null;
	}
	if (!accepted(file, one('input', box).accept)) {
		view.bad('Este tipo de arquivo não serve aqui.');
		return null;
	}
	let request = await put(box, file, view);
	// the session ended among many files
	if (request.status === 401 && (await mayLeave())) request = await put(box, file, view);
	if (request.status < 200 || request.status > 299) {
		view.bad(reason(request));
		return null;
	}
	view.say('Enviado');
	return request;
}

async function sendAll(box, files) {
	let last = null;
	for (const item of all('.is-bad', box)) item.remove();
	if (!(await mayLeave())) return;
	for (const file of files) last = (await send(box, file)) ?? last;
	if (last && !one('.is-bad', box)) finish(box, last);
}

on('change', '[data-upload] input[type=file]', (event, input) => {
	const files = [...input.files];
	input.value = '';
	sendAll(input.closest('[data-upload]'), files);
});
for (const type of ['dragover', 'dragleave', 'drop'])
	on(type, '[data-upload] .upload', (event, label) => {
		if (!event.dataTransfer?.types.includes('Files')) return;
		event.preventDefault();
		label.classList.toggle('is-over', type === 'dragover');
		if (type === 'drop') {
			const many = one('input', label).multiple;
			const files = [...event.dataTransfer.files];
			sendAll(label.closest('[data-upload]'), many ? files : files.slice(0, 1));
		}
	});
