// The figures, by name or by the issue that asks for them. Started by script/bench; loopback only.
import { booking, events, slots } from './agenda.mjs';
import { fill, lastBootstrap, readDatabaseUrl, root, run, say, signInAgain, start, stop, verdict } from './lib.mjs';
import { firstByte, pages, patient, search } from './pages.mjs';
import { fair, restart } from './trouble.mjs';

const browser = () => import('./browser.mjs');
const figures = [
	[['board', 'lead', 'list', 'empty', 'day', 'dayjson'], pages],
	[['first'], firstByte],
	[['patient'], patient],
	[['search'], search],
	[['slots'], slots],
	[['booking'], booking],
	[['events'], events],
	[['fair', 'stuck'], fair],
	[['restart'], (wanted, program) => restart(program)],
	[['baseline'], async () => (await import('./baseline.mjs')).baseline()],
	[['speed'], async () => (await browser()).speed()],
	[['lighthouse'], async () => (await browser()).lighthouse()],
];
const groups = {
	issue2: ['board', 'lead', 'list', 'empty', 'first', 'fair', 'stuck', 'restart', 'start'],
	issue3: ['day', 'dayjson', 'patient', 'search', 'slots', 'booking', 'events', 'baseline', 'speed', 'lighthouse'],
};
const all = [...figures.flatMap(([names]) => names), 'start'];
const asked = process.argv.slice(2).flatMap((word) => groups[word] ?? [word]);
const unknown = asked.find((name) => !all.includes(name));
if (unknown) {
	say(`unknown: ${unknown}; there is ${Object.keys(groups).join(', ')}, ${all.join(', ')}`);
	process.exit(2);
}
const wanted = asked.length ? asked : all;

const began = Date.now();
const cold = await start();
try {
	fill(['patient', 'search', 'lighthouse'].some((name) => wanted.includes(name)));
	readDatabaseUrl();
} finally {
	await stop(cold.child);
}
const program = await start();
try {
	say(`siso up with these data answers after ${program.ms} ms\n`);
	for (const [names, figure] of figures) {
		const here = names.filter((name) => wanted.includes(name));
		if (!here.length) continue;
		try {
			signInAgain();
			await figure(here, program);
		} catch (error) {
			say(`${here.join(', ')}: FAILED: ${error.message}\n`); // the others all the same
			process.exitCode = 1;
		}
	}
} finally {
	await stop(program.child);
}
if (wanted.includes('start') && lastBootstrap() && !process.env.SISO_PROGRAM) {
	const again = Date.now();
	run(`${root}/script/bootstrap`, []);
	const nothing = Date.now() - again;
	say(`script/server: the last script/bootstrap on this machine that had to install or build took ${lastBootstrap()}; ` +
		`again, with nothing to do, ${nothing} ms, and ${program.ms} ms until pages are answered; ${verdict(nothing + program.ms < 3000, '< 3 s')}`);
}
say(`(${Math.round((Date.now() - began) / 1000)} s)`);
