// The drawing behind the sign-in page: growth rings of a pine, as one symbol that takes the colour
// of the page (currentColor). The same every time: the noise is a sum of fixed waves.

const CENTER = [560, 330];
const POINTS = 28;

// How far ring r bulges at angle a: slow waves that turn and grow with the years, so that
// neighbours are alike and strangers are not.
function bulge(r, a) {
	const grown = Math.min(1, r / 360);
	return (
		0.07 * Math.sin(2 * a + 0.6 + r / 620) * (0.55 + 0.45 * grown) +
		0.036 * Math.sin(3 * a + 2.1 - r / 430) * (0.35 + grown) +
		0.012 * Math.sin(5 * a + 4.4 + r / 260) * grown +
		0.005 * Math.sin(8 * a + 1.3 - r / 170) * grown +
		0.13 * grown * Math.sin(a - 0.7)
	);
}

function point(r, a) {
	const d = r * (1 + bulge(r, a));
	return [CENTER[0] + d * Math.cos(a), CENTER[1] + d * 1.06 * Math.sin(a)];
}

const show = (n) => String(Math.round(n * 10) / 10);

// Closed Catmull-Rom curve through the points, as smooth cubic segments.
function ring(r) {
	const p = Array.from({ length: POINTS }, (_, i) => point(r, (2 * Math.PI * i) / POINTS));
	const at = (i) => p[(i + POINTS) % POINTS];
	const handle = (i, sign) => [0, 1].map((k) => at(i)[k] + (sign * (at(i + 1)[k] - at(i - 1)[k])) / 6);
	const first = handle(0, 1);
	let d = `M${at(0).map(show).join(' ')}C${first.map(show).join(' ')} `;
	for (let i = 1; i <= POINTS; i++)
		d += `${i > 1 ? 'S' : ''}${handle(i, -1).map(show).join(' ')} ${at(i).map(show).join(' ')}`;
	return `${d}z`;
}

export function rings() {
	const paths = [];
	for (let i = 0, r = 14; r < 1180; i++) {
		const late = (i * 5) % 13 < 3; // late wood: a stronger line, at no even distance
		const opacity = Math.max(0.09, (late ? 0.5 : 0.3) - r / 2900);
		paths.push(
			`<path d="${ring(r)}" stroke-width="${late ? 1.5 : 1}" stroke-opacity="${opacity.toFixed(2)}"/>`,
		);
		// years are not alike: narrow and wide by a slow beat
		r += 7.5 + 7 * Math.abs(Math.sin(i * 0.71 + 0.4)) + Math.min(13, r / 48);
	}
	return (
		'<svg xmlns="http://www.w3.org/2000/svg"><symbol id="rings" viewBox="0 0 1000 1000" ' +
		'preserveAspectRatio="xMidYMid slice"><g fill="none" stroke="currentColor">' +
		`${paths.join('')}</g></symbol></svg>`
	);
}
