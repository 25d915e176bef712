// Talking to the server: htmx, the line at the top while something loads, the banner while nothing
// can, and pages that arrive where a fragment was asked for.
import htmx from 'htmx.org';
import { one } from './dom.js';
import { toast } from './toast.js';

const root = document.documentElement;
const siso = (window.siso = window.siso ?? {});
siso.htmx = htmx;

let running = 0;
const loading = (step) => {
	running = Math.max(0, running + step);
	root.classList.toggle('is-loading', running > 0);
};
document.addEventListener('htmx:before:request', () => loading(1));
document.addEventListener('htmx:finally:request', () => loading(-1));
let left = 0; // when the page was left: what it still asked for then is cut off, and Firefox says the network is gone
addEventListener('beforeunload', () => {
	left = Date.now();
	root.classList.add('is-loading');
});
addEventListener('pageshow', () => {
	running = 0;
	root.classList.remove('is-loading');
});

// ---- no connection ----

let watch;
function lost() {
	const banner = one('#offline');
	if (!banner || watch) return;
	banner.hidden = false;
	watch = setInterval(async () => {
		try {
			const answer = await fetch('/healthz', { cache: 'no-store' });
			if (answer.ok) found();
		} catch {
			// still away; the next turn tries again
		}
	}, 4000);
}
function found() {
	clearInterval(watch);
	watch = undefined;
	const banner = one('#offline');
	if (banner) banner.hidden = true;
}
addEventListener('offline', lost);
addEventListener('online', found);
document.addEventListener('htmx:error', (event) => {
	const error = event.detail.error;
	if (Date.now() - left < 2000) return;
	if (error instanceof TypeError || event.detail.ctx?.request?.signal?.reason === 'timeout') lost();
});

// ---- answers that are not the fragment that was asked for ----

document.addEventListener('htmx:before:swap', (event) => {
	const { ctx } = event.detail;
	if (!/^\s*<!doctype/i.test(ctx.text ?? '')) return;
	event.preventDefault();
	// A page that knows no fragment: go there.
	if (ctx.response.status < 400 && ctx.request.method === 'GET') location.assign(ctx.request.action);
	else if (ctx.response.status < 400) location.reload();
	else toast('O sistema está ocupado. Tente de novo em instantes.', { tone: 'red' });
});

// PATCH, POST… with fields; resolves to the Response. For page modules.
siso.send = (method, url, fields) =>
	fetch(url, {
		method,
		headers: { 'HX-Request': 'true' },
		body: fields && new URLSearchParams(fields),
		credentials: 'same-origin',
	});

// What a Response to siso.send says besides its status: where to go, and toasts.
siso.take = async (answer) => {
	const go = answer.headers.get('HX-Redirect');
	if (go) {
		location.href = go;
		return;
	}
	const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
	const made = [...parsed.querySelectorAll('.toast')].map((node) => document.importNode(node, true));
	one('#toasts')?.append(...made);
	if (!answer.ok && !made.length) toast('Não foi possível gravar. Tente de novo.', { tone: 'red' });
};

// ---- errors of these scripts, for the log of the server ----

const sink = one('meta[name=errors]')?.content;
let told = 0;
function tell(message, source, line) {
	if (!sink || told++ >= 5) return;
	const body = JSON.stringify({ message: String(message).slice(0, 500), source, line, path: location.pathname });
	fetch(sink, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, keepalive: true }).catch(
		() => {},
	);
}
addEventListener('error', (event) => event.message && tell(event.message, event.filename, event.lineno));
addEventListener('unhandledrejection', (event) => tell(event.reason?.stack ?? event.reason));
