// Pages that are made to be printed: [data-print] asks the browser to.
document.addEventListener('click', (event) => {
	if (event.target.closest('[data-print]')) window.print();
});
