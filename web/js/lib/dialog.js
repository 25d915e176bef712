// Dialogs, the drawer, and the question before something that cannot be taken back. All are <dialog>:
// the browser holds the focus and Esc closes.
import { all, on, one, ready } from './dom.js';
import { toast } from './toast.js';
import { isTyped } from './typed.js';

const siso = (window.siso = window.siso ?? {});

export function open(dialog) {
	if (!dialog || dialog.open) return;
	if (dialog.id === 'more') fillMore(dialog);
	dialog.showModal();
	dialog.dispatchEvent(new CustomEvent('siso:open', { bubbles: true }));
}

on('click', '[data-open]', (event, button) => {
	event.preventDefault();
	button.closest('[popover]')?.hidePopover();
	open(document.getElementById(button.dataset.open));
});
on('click', '[data-close]', (event, button) => {
	const dialog = button.closest('dialog');
	if (!dialog) return;
	event.preventDefault();
	leave(dialog);
});
on('click', '[data-close-drawer]', (event, link) => {
	const drawer = link.closest('#drawer');
	if (!drawer) return;
	event.preventDefault();
	drawer.close();
});
// A press on the backdrop is a press on the dialog itself, outside its box.
let pressed;
document.addEventListener('pointerdown', (event) => (pressed = event.target));
document.addEventListener('click', (event) => {
	const dialog = event.target;
	if (!(dialog instanceof HTMLDialogElement) || pressed !== dialog || dialog.id === 'confirm') return;
	const box = dialog.getBoundingClientRect();
	const inside =
		event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
	if (!inside) leave(dialog);
});
ready((root) => all('dialog[data-open-now]', root).forEach(open));

// ---- the phone's "Mais": the sidebar's own links ----

function fillMore(dialog) {
	const place = one('[data-clone-nav]', dialog);
	if (!place || place.childElementCount) return;
	for (const nav of all('.side .nav')) {
		const copy = nav.cloneNode(true);
		copy.className = 'nav mb-3';
		copy.removeAttribute('tabindex');
		copy.setAttribute('aria-label', nav.getAttribute('aria-label') ?? 'Configurações');
		place.append(copy);
	}
	const account = one('#user-menu')?.cloneNode(true);
	if (!account) return;
	account.removeAttribute('popover');
	account.removeAttribute('id');
	account.removeAttribute('role');
	account.className = 'border-t pt-3';
	for (const item of all('[role=menuitem]', account)) item.removeAttribute('role');
	one('[data-open=keys-help]', account)?.remove();
	place.append(account);
}

// ---- drawer ----

let shown; // URL in the drawer

// Closed by hand: what was typed is not thrown away without a word.
async function leave(dialog) {
	if (dialog.id === 'drawer' && isTyped(dialog)) {
		const sure = await confirm({ title: 'Descartar o que foi escrito?', text: 'Ainda não foi salvo.', verb: 'Descartar' });
		if (!sure) return;
	}
	dialog.close();
}
document.addEventListener(
	'cancel',
	(event) => {
		if (event.target.id !== 'drawer' || !isTyped(event.target)) return;
		event.preventDefault();
		leave(event.target);
	},
	true,
);

export async function openDrawer(url) {
	const drawer = one('#drawer');
	const inside = one('#drawer-in');
	if (!drawer) {
		location.href = url;
		return;
	}
	shown = url;
	await siso.htmx.ajax('GET', url, { source: inside, target: inside, swap: 'innerHTML' }); // the last one asked for is drawn
	if (shown !== url || !inside.childElementCount) return;
	open(drawer);
}
siso.openDrawer = openDrawer;

on('click', 'a[data-drawer]', (event, link) => {
	const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
	if (!plain || event.defaultPrevented || !one('#drawer')) return;
	event.preventDefault();
	link.closest('dialog:not(#drawer)')?.close();
	openDrawer(link.getAttribute('href'));
});
document.addEventListener('drawer-close', () => one('#drawer')?.close());
document.addEventListener('drawer-reload', () => one('#drawer')?.open && openDrawer(shown));
document.addEventListener('page-reload', () => location.reload());
document.addEventListener('close', (event) => event.target.id === 'drawer' && one('#drawer-in').replaceChildren(), true);

// ---- questions ----

export function confirm({ title, text = '', verb = 'Confirmar' }) {
	const dialog = one('#confirm');
	if (!dialog) return Promise.resolve(true);
	one('h2', dialog).textContent = title;
	one('p', dialog).textContent = text;
	one('p', dialog).hidden = !text;
	one('[data-yes]', dialog).textContent = verb;
	dialog.returnValue = '';
	open(dialog);
	one('[data-close]', dialog).focus();
	return new Promise((resolve) => {
		dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
	});
}
siso.confirm = confirm;
on('click', '#confirm [data-yes]', () => one('#confirm').close('yes'));

// The question stands before every other listener: nothing is sent until the answer is yes.
const agreed = new WeakSet();
document.addEventListener(
	'submit',
	async (event) => {
		const form = event.target;
		const asks = event.submitter?.dataset.confirm ? event.submitter : form.dataset.confirm ? form : null;
		if (!asks || agreed.delete(form)) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		const { submitter } = event;
		const { confirm: title, confirmText: text, confirmVerb: verb } = asks.dataset;
		form.closest('[popover]')?.hidePopover();
		if (!(await confirm({ title, text, verb: verb || undefined }))) return;
		agreed.add(form);
		form.requestSubmit(submitter);
	},
	true,
);
document.addEventListener(
	'click',
	async (event) => {
		const button = event.target.closest?.('[data-confirm]:not(form)');
		if (!button || button.form || agreed.delete(button)) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		const { confirm: title, confirmText: text, confirmVerb: verb } = button.dataset;
		if (!(await confirm({ title, text, verb: verb || undefined }))) return;
		agreed.add(button);
		button.click();
	},
	true,
);

on('click', '[data-copy]', async (event, button) => {
	try {
		await navigator.clipboard.writeText(button.dataset.copy);
		toast('Copiado', { icon: 'copy' });
	} catch {
		toast('O navegador não deixou copiar. Selecione o texto e copie à mão.', { tone: 'amber' });
	}
});
