// Runs before the first paint, on pages whose reader never chose a theme: without the cookie the
// server cannot know what the system prefers.
(() => {
	const root = document.documentElement;
	if (/(?:^|;\s*)theme=/.test(document.cookie)) return;
	root.classList.toggle('dark', matchMedia('(prefers-color-scheme: dark)').matches);
})();
