// The list of leads: what is searched for stands in the address, so that a reload and a copied link show
// the same list. (htmx keeps no history here.)
document.addEventListener('htmx:after:swap', () => {
	const form = document.querySelector('form[role=search][hx-get="/leads"]');
	if (!form) return;
	const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
	const address = asked.size ? `/leads?${asked}` : '/leads';
	if (address !== location.pathname + location.search) history.replaceState(history.state, '', address);
});
