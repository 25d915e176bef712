// The few words that the other files need.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// Delegated listener: run(event, element) for events on, or inside, elements that match.
export function on(type, selector, run, options) {
	document.addEventListener(
		type,
		(event) => {
			const element = event.target.closest?.(selector);
			if (element) run(event, element);
		},
		options,
	);
}

// When the page is there, and again for what htmx swaps in.
export function ready(run) {
	const start = () => run(document);
	if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
	else start();
	document.addEventListener('htmx:after:settle', (event) => run(event.target));
}

export function delay(ms, run) {
	let timer;
	return (...args) => {
		clearTimeout(timer);
		timer = setTimeout(() => run(...args), ms);
	};
}

export const typing = (target) =>
	!!target.closest?.('input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]');
