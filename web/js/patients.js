// The list of patients by keyboard: the arrows walk from the search box through the rows and back. What is
// searched for stands in the address, so that a reload and a copied link show the same list.
const rows = () => [...document.querySelectorAll('[data-rows] a[data-row]')];

document.addEventListener('keydown', (event) => {
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
	if (!step || document.querySelector('dialog[open]')) return;
	const list = rows();
	const at = list.indexOf(document.activeElement);
	const search = document.querySelector('form[role=search] [name=q]');
	if (at < 0 && event.target !== search && event.target !== document.body) return;
	const next = at < 0 ? (step > 0 ? list[0] : null) : (list[at + step] ?? (step < 0 ? search : null));
	if (!next) return;
	event.preventDefault();
	next.focus();
});

document.addEventListener('htmx:after:swap', () => {
	const form = document.querySelector('form[role=search][hx-get="/patients"]');
	if (!form) return;
	const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
	const address = asked.size ? `/patients?${asked}` : '/patients';
	if (address !== location.pathname + location.search) history.replaceState(history.state, '', address);
});
