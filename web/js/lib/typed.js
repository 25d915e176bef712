// What was typed into forms and is sent nowhere yet. Closing the drawer asks first (dialog.js); so does leaving the page,
// where no draft keeps the text (draft.js) and somebody is signed in: a kiosk and a form in another site go on by themselves.
// A form with data-url is sent as it is typed; one with a password holds no work.
import { all, on, one } from './dom.js';

const counts = 'form[method=post]:not([data-url], :has([type=password]))';
const typed = new WeakSet();
const sending = new WeakSet(); // of those: on their way

for (const type of ['input', 'change'])
	document.addEventListener(type, ({ isTrusted, target }) => {
		const form = target.form ?? target.closest?.('form');
		if (isTrusted && target.type !== 'search' && form?.matches(counts)) typed.add(form);
	});

const sent = (form) => typed.delete(form) && sending.add(form);
const refused = (form) => sending.delete(form) && typed.add(form);
on('submit', 'form', (event, form) => sent(form));
on('htmx:before:request', 'form', (event, form) => event.detail.ctx.request.method !== 'GET' && sent(form));
on('htmx:after:request', 'form', (event, form) => event.detail.ctx.response.status >= 400 && refused(form));
on('htmx:error', 'form', (event, form) => refused(form));

export const noteTyped = (form) => typed.add(form);
export const isTyped = (root, forms = 'form') => all(forms, root).some((form) => typed.has(form));

addEventListener('beforeunload', (event) => {
	if (one('form[data-sign-out]') && isTyped(document, 'form:not([data-draft])')) event.preventDefault();
	// who stays finds the page as it was: no line that loads, no button that waits
	setTimeout(() => event.defaultPrevented && dispatchEvent(new Event('pageshow')));
});
