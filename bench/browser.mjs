// What a browser feels: the agenda on a processor four times slower, what a second visit loads, and Lighthouse's opinion.
import { createRequire } from 'node:module';
import path from 'node:path';
import { history, past } from './pages.mjs';
import { host, me, median, ms, port, root, rounds, say, signInAgain, table, verdict } from './lib.mjs';
import { browser, DESK } from '../test/browser/lib.mjs';

const at = (url) => `http://${host}:${port}${url}`;
const cookies = () => me.cookie.split('; ').map((pair) => {
	const [name, value] = pair.split(/=(.*)/s);
	return { name, value, domain: host, path: '/' };
});

async function open(b) {
	const context = await b.newContext({ viewport: DESK, locale: 'pt-BR', timezoneId: 'America/Sao_Paulo' });
	await context.addCookies(cookies());
	const page = await context.newPage();
	const cdp = await context.newCDPSession(page);
	let bytes = 0;
	const loaded = [];
	await cdp.send('Network.enable');
	cdp.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
	cdp.on('Network.responseReceived', (e) => {
		if (!e.response.fromDiskCache && !e.response.fromPrefetchCache) loaded.push(`${e.response.status} ${new URL(e.response.url).pathname}`);
	});
	return { context, page, cdp, takeBytes: () => ({ bytes: [bytes, (bytes = 0)][0], loaded: loaded.splice(0) }) };
}

// The largest paint so far, in ms since the navigation began, and when the page's own script had run.
const paint = (page) => page.evaluate(() => new Promise((resolve) => {
	new PerformanceObserver((list) => resolve({
		lcp: list.getEntries().at(-1).startTime,
		ready: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
	})).observe({ type: 'largest-contentful-paint', buffered: true });
}));

export async function speed() {
	const b = await browser();
	const cold = [], warm = [], second = [], later = [];
	try {
		for (let i = 0; i < rounds; i++) {
			const { context, page, cdp, takeBytes } = await open(b);
			await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
			await page.goto(at(`/agenda?date=${past}`), { waitUntil: 'networkidle' });
			cold.push(await paint(page));
			await page.goto('about:blank');
			takeBytes();
			await page.goto(at(`/agenda?date=${past}`), { waitUntil: 'networkidle' });
			warm.push(await paint(page));
			second.push(takeBytes());
			await page.goto(at('/agenda'), { waitUntil: 'networkidle' });
			later.push(takeBytes());
			await context.close();
		}
	} finally {
		await b.close();
	}
	const of = (list, key) => median(list.map((m) => m[key]));
	say(`agenda of 40 visits in Chromium, processor throttled 4 ×, ${rounds} rounds, medians, ms`);
	table(['', 'largest paint', 'scripts have run'], [['first visit, nothing cached', ms(of(cold, 'lcp')), ms(of(cold, 'ready'))],
		['second visit', ms(of(warm, 'lcp')), ms(of(warm, 'ready'))]]);
	say(verdict(of(cold, 'lcp') <= 1000, '≤ 1.0 s, first visit'));
	const kb = of(second, 'bytes') / 1024, other = of(later, 'bytes') / 1024;
	say(`second visit: ${kb.toFixed(1)} KB (${[...new Set(second[0].loaded)].join(', ')}); another day's page afterwards: ${other.toFixed(1)} KB ` +
		`(${[...new Set(later[0].loaded)].join(', ')}); ${verdict(Math.max(kb, other) <= 10, '≤ 10 KB')}\n`);
}

// ---- Lighthouse ----

export async function lighthouse() {
	const require = createRequire(path.join(root, 'bench/lighthouse/package.json'));
	const { default: judge } = await import(require.resolve('lighthouse'));
	const { chromium } = createRequire(path.join(root, 'web/package.json'))('playwright-core');
	const devtools = port + 1 > 65000 ? port - 1 : port + 1;
	const pages = [['login', '/login'], ['agenda', `/agenda?date=${past}`], ['patient', `/patients/${history()}`], ['funnel', '/funnel']];
	const rows = [], faults = new Set();
	let fine = true;
	signInAgain('dona@ianara.test');
	const b = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--lang=pt-BR', `--remote-debugging-port=${devtools}`,
			'--host-resolver-rules=MAP *.localhost 127.0.0.1'] });
	try {
		for (const [title, url] of pages)
			for (const formFactor of ['desktop', 'mobile']) {
				const desktop = formFactor === 'desktop';
				const { lhr } = await judge(at(url), {
					port: devtools, output: 'json', logLevel: 'error', formFactor, disableStorageReset: false,
					onlyCategories: ['performance', 'accessibility', 'best-practices'],
					extraHeaders: title === 'login' ? {} : { Cookie: me.cookie },
					screenEmulation: desktop ? { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false }
						: { mobile: true, width: 412, height: 823, deviceScaleFactor: 1.75, disabled: false },
					throttling: desktop ? { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1, requestLatencyMs: 0, downloadThroughputKbps: 0,
						uploadThroughputKbps: 0 } : undefined,
					throttlingMethod: 'simulate',
				});
				if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
				const score = (name) => Math.round(lhr.categories[name].score * 100);
				const scores = ['performance', 'accessibility', 'best-practices'].map(score);
				fine &&= scores[0] >= 95 && scores[1] === 100 && scores[2] === 100;
				rows.push([`${title}, ${formFactor}`, ...scores, ...['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time']
					.map((name) => ms(lhr.audits[name].numericValue)), lhr.audits['cumulative-layout-shift'].numericValue.toFixed(3)]);
				for (const name of ['accessibility', 'best-practices', 'performance'])
					for (const { id, weight } of lhr.categories[name].auditRefs) {
						const audit = lhr.audits[id];
						if (weight && audit.score !== null && audit.score < 0.9) {
							const where = audit.details?.items?.slice(0, 2).map((item) => item.node?.selector ?? item.url ?? item.description ?? '').join(' | ');
							faults.add(`${title}, ${formFactor}: ${id} ${audit.displayValue ?? ''} ${where ?? ''}`);
						}
					}
			}
	} finally {
		await b.close();
	}
	say('Lighthouse (npm) with Debian\'s Chromium; performance simulated: slow 4G and 4 × on the phone, 10 Mbit/s on the desktop; ms');
	table(['', 'performance', 'accessibility', 'best practices', 'first paint', 'largest', 'blocked', 'shift'], rows);
	for (const fault of faults) say(`  ${fault}`);
	say(`${verdict(fine, '≥ 95, 100, 100')}\n`);
}
