// An icon of the sprite that the page already uses.
const SVG = 'http://www.w3.org/2000/svg';
let sprite;

export function icon(name, className = '') {
	sprite ??= document.querySelector('svg use')?.getAttribute('href')?.replace(/#.*/, '') ?? '';
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('class', `i ${className}`.trim());
	svg.setAttribute('aria-hidden', 'true');
	const use = document.createElementNS(SVG, 'use');
	use.setAttribute('href', `${sprite}#${name}`);
	svg.append(use);
	return svg;
}
