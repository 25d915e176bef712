// The contrast that the tokens give, computed by the browser itself, in both modes and for two brands.
// The rules are those of src/platform/ui/README.md; the figures are printed.
import { close, open } from './lib.mjs';

// [foreground, background, least ratio]
const PAIRS = [
	['foreground', 'background', 7],
	['foreground', 'canvas', 7],
	['muted-foreground', 'background', 4.5],
	['muted-foreground', 'muted', 4.5],
	['muted-foreground', 'canvas', 4.5],
	['muted-foreground', 'sidebar', 4.5],
	['muted-foreground', 'accent', 4.5],
	['sidebar-foreground', 'sidebar', 7],
	['sidebar-foreground', 'sidebar-accent', 7],
	['primary-foreground', 'primary', 4.5],
	['primary-foreground', 'primary-hover', 4.5],
	['link', 'background', 4.5],
	['link', 'canvas', 4.5],
	['accent-foreground', 'accent', 4.5],
	['secondary-foreground', 'secondary', 4.5],
	['destructive', 'background', 4.5],
	['destructive-foreground', 'destructive', 4.5],
	['ring', 'background', 3],
	['input', 'background', 3],
	['input', 'card', 3],
];
const TONES = ['slate', 'blue', 'amber', 'violet', 'green', 'red', 'teal', 'pink', 'orange'];
const TONE_PAIRS = [
	['fg', 'bg', 4.5],
	['fg2', 'bg', 4.5],
	['fg', 'bg2', 4.5],
];

// Runs in the page: paints each colour over its ground and reads the pixel.
function measure({ pairs, tones, tonePairs }) {
	const canvas = document.createElement('canvas');
	canvas.width = canvas.height = 1;
	const paint = canvas.getContext('2d', { willReadFrequently: true });
	const probe = document.createElement('div');
	document.body.append(probe);
	const value = (name) => {
		probe.style.color = `var(--${name})`;
		return getComputedStyle(probe).color;
	};
	const pixel = (...layers) => {
		for (const color of layers) {
			paint.fillStyle = color;
			paint.fillRect(0, 0, 1, 1);
		}
		return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
	};
	const luminance = (rgb) => {
		const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ratio = (front, back) => {
		const ground = pixel('#fff', value('background'), value(back));
		const [high, low] = [
			luminance(pixel('#fff', value('background'), value(back), value(front))),
			luminance(ground),
		].sort((a, b) => b - a);
		return Math.floor(((high + 0.05) / (low + 0.05)) * 100) / 100;
	};
	const found = pairs.map(([front, back, least]) => ({ name: `${front} on ${back}`, ratio: ratio(front, back), least }));
	for (const tone of tones) {
		probe.className = `tone tone-${tone}`;
		for (const [front, back, least] of tonePairs)
			found.push({ name: `${tone} ${front} on ${back}`, ratio: ratio(front, back), least });
		found.push({ name: `${tone} bar on card`, ratio: ratio('bar', 'card'), least: 3 });
	}
	probe.remove();
	return found;
}

export async function contrast(b, base, report) {
	for (const brand of ['', 'aurora'])
		for (const dark of [false, true]) {
			const page = await open(b, null, { dark });
			await page.context().addCookies([
				{ name: 'theme', value: dark ? 'dark' : 'light', url: base },
				{ name: 'brand', value: brand || 'none', url: base },
			]);
			await page.goto(`${base}/design?page=empty`);
			const found = await page.evaluate(measure, { pairs: PAIRS, tones: TONES, tonePairs: TONE_PAIRS });
			const title = `contrast, ${brand || 'pinho'}, ${dark ? 'dark' : 'light'}`;
			const shown = found.slice(0, PAIRS.length).map(({ name, ratio }) => `${name} ${ratio}`);
			const least = Math.min(...found.slice(PAIRS.length).filter((f) => f.least > 3).map((f) => f.ratio));
			console.log(`${title}: ${shown.join(', ')}; text on tones at least ${least}`);
			report(
				title,
				found.filter((f) => f.ratio < f.least).map((f) => `${f.name}: ${f.ratio}, needs ${f.least}`),
			);
			await close(page);
		}
}
