// The session ends while somebody types: the night came, or another computer ended it. Nothing of it is
// lost. What these scripts send and is refused for that waits until the same person has signed in again,
// in a dialog over the page, and is then sent once more. A form that leaves the page asks first, by
// GET /session, which answers with the CSRF token of whoever is signed in now.
import { all, one } from './dom.js';
import { toast } from './toast.js';

const SURE_MS = 5000; // a form that asks "are you sure?" is submitted twice
const DOOR = '/login?next=/session';
const AGAIN = 'Entre de novo e continue de onde parou: o que você digitou está aqui.';
const ask = window.fetch.bind(window);
const sureAt = new WeakMap();
const asking = new WeakSet();
const signedIn = () => one('form[data-sign-out]');
const me = () => one('#user-menu .menu-title').textContent;
const isOver = (answer) => answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === '/login');

// From an answer of GET /session. Another person may have signed in meanwhile: what is typed here is not theirs to send.
async function renew(answer) {
	const who = answer.headers.get('X-User');
	if (who !== me()) return `Quem entrou neste navegador foi ${who}. Saia daquela conta e entre com a sua (${me()}).`;
	const token = await answer.text();
	for (const input of all('input[name=csrf]')) input.value = token;
	return '';
}

// ---- the dialog ----

// The server's own page of the door, of which only the form is shown.
async function show(dialog, answer) {
	const body = one('.dialog-body', dialog);
	if (answer.ok && new URL(answer.url).pathname === '/session') {
		const refusal = await renew(answer);
		if (!refusal) return dialog.close('in');
		one('header p', dialog).textContent = refusal;
		body.replaceChildren();
		return;
	}
	const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
	const form = one('#login, #login-code', page);
	if (!form) throw new Error('no form to sign in with');
	const parts = [...all('.alert', page), form, ...all('a[href^="/login/oidc"]', page)];
	body.replaceChildren(...parts.map((part) => document.importNode(part, true)));
	// another tab may do it as well, and this one stays as it is
	for (const link of all('a', body)) link.target = '_blank';
	const email = one('[name=email]', body);
	one('header p', dialog).textContent = email ? AGAIN : one('h1 + p', page).textContent;
	if (email) {
		email.value = me();
		email.readOnly = true;
	}
	one('[type=password], [name=code]', body).focus();
}

async function tryShow(dialog, url, init) {
	try {
		await show(dialog, await ask(url, init));
	} catch {
		toast('Não foi possível entrar agora. Tente de novo em instantes.', { tone: 'red' });
		one('form', dialog)?.removeAttribute('aria-busy');
		if (!one('form', dialog)) dialog.close();
	}
}

function openDialog() {
	const dialog = document.createElement('dialog');
	dialog.id = 'sign-in';
	dialog.className = 'dialog';
	dialog.setAttribute('aria-labelledby', 'sign-in-title');
	dialog.innerHTML = `<header><div><h2 id="sign-in-title">Sua sessão terminou</h2>
		<p>${AGAIN}</p></div></header>
		<div class="dialog-body stack"></div>
		<div class="dialog-foot"><button type="button" class="btn" data-variant="ghost" data-close>Agora não</button></div>`;
	dialog.addEventListener('submit', (event) => {
		const form = event.target;
		event.preventDefault();
		form.setAttribute('aria-busy', 'true');
		tryShow(dialog, form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
	});
	document.body.append(dialog);
	dialog.showModal();
	return dialog;
}

let waiting; // one dialog for all that wait
function signIn() {
	waiting ??= new Promise((resolve) => {
		const dialog = openDialog();
		const back = async () => {
			const answer = await ask('/session', { headers: { 'HX-Request': 'true' } }).catch(() => undefined);
			if (answer?.ok && dialog.open) await show(dialog, answer);
			else if (answer?.status === 401 && !one('form', dialog)) await tryShow(dialog, DOOR);
		};
		addEventListener('focus', back);
		dialog.addEventListener('close', () => {
			removeEventListener('focus', back);
			dialog.remove();
			waiting = undefined;
			resolve(dialog.returnValue === 'in');
		});
		tryShow(dialog, DOOR);
	});
	return waiting;
}

// ---- what is sent ----

window.fetch = async (url, init) => {
	const answer = await ask(url, init);
	if (!isOver(answer) || !signedIn() || !(await signIn())) return answer;
	return ask(url, { ...init, signal: undefined }); // its time ran out while the password was typed
};

// May what leaves the page, or is no fetch, be sent now? It says itself why not.
export async function mayLeave() {
	if (!signedIn()) return true;
	const answer = await fetch('/session', { headers: { 'HX-Request': 'true' } }).catch(() => undefined);
	const away = 'O sistema não respondeu: nada foi gravado, e o que você digitou continua aqui.';
	const refusal = answer?.ok ? await renew(answer) : away;
	if (answer?.status === 401) await window.siso.take(answer);
	else if (refusal) toast(refusal, { tone: 'red' });
	return !refusal;
}

// Before every other listener: they hear only of what is really sent.
document.addEventListener(
	'submit',
	async (event) => {
		const { target: form, submitter } = event;
		const leaves = form.matches('[method=post]:not([hx-post], [target=_blank], [data-sign-out], #sign-in form)');
		if (!leaves || !signedIn() || performance.now() - (sureAt.get(form) ?? -SURE_MS) < SURE_MS) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		if (asking.has(form)) return;
		asking.add(form);
		const may = await mayLeave();
		asking.delete(form);
		if (!may || !form.isConnected) return;
		sureAt.set(form, performance.now());
		form.requestSubmit(submitter);
	},
	true,
);
