// Debian's Firefox, driven over WebDriver BiDi: what the tests in this folder need of it, no more.
//
//   import { browser } from './firefox.mjs';
//   const b = await browser();
//   const page = await b.open('http://ianara.localhost:8080', { dark: true });   // cookies of its own
//   await page.click('button', 'Salvar');                                        // waits until it is there
//   problems = await page.check();                                               // [] when all is well
//   await b.close();
//
// A thing on the page is named by a selector and, if need be, a text it contains; the first that is in sight counts.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const WebSocket = createRequire(new URL('../node/package.json', import.meta.url))('ws');

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 500, height: 844 }; // a window of Firefox is never narrower than this

// Nothing is asked of the network but the pages; the rest Firefox sets by itself when it is driven.
const PREFS = {
	'browser.shell.checkDefaultBrowser': false,
	'browser.startup.page': 0,
	'datareporting.policy.dataSubmissionEnabled': false,
	'dom.ipc.processCount': 2,
	'intl.accept_languages': 'pt-BR',
	'network.captive-portal-service.enabled': false,
	'network.connectivity-service.enabled': false,
	'security.sandbox.content.level': 0, // containers have no user namespaces
	'toolkit.telemetry.enabled': false,
};

export async function until(ready, what, ms = 10_000) {
	const end = Date.now() + ms;
	while (Date.now() < end) {
		const found = await ready();
		if (found) return found;
		await new Promise((resolve) => setTimeout(resolve, 40));
	}
	throw new Error(`waited ${ms} ms for ${what}`);
}

// ---- the wire ----

async function connect(url) {
	const socket = new WebSocket(url, { perMessageDeflate: false });
	await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
	const asked = new Map();
	const heard = [];
	let last = 0;
	socket.on('message', (bytes) => {
		const message = JSON.parse(bytes);
		if (message.type === 'event') {
			for (const listen of heard) listen(message.method, message.params);
			return;
		}
		const { resolve, reject, method } = asked.get(message.id);
		asked.delete(message.id);
		if (message.type === 'success') resolve(message.result);
		else reject(new Error(`${method}: ${message.error}: ${message.message}`));
	});
	socket.on('close', () => {
		for (const { reject, method } of asked.values()) reject(new Error(`${method}: Firefox is gone`));
	});
	return {
		send: (method, params = {}) =>
			new Promise((resolve, reject) => {
				asked.set(++last, { resolve, reject, method });
				socket.send(JSON.stringify({ id: last, method, params }));
			}),
		listen: (run) => heard.push(run),
		close: () => socket.close(),
	};
}

export async function browser({ reducedMotion = true, dark = false } = {}) {
	const profile = await mkdtemp(path.join(os.tmpdir(), 'firefox-'));
	const prefs = { ...PREFS, 'ui.prefersReducedMotion': Number(reducedMotion), 'ui.systemUsesDarkTheme': Number(dark) };
	const lines = Object.entries(prefs).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
	await writeFile(path.join(profile, 'user.js'), lines.join(''));
	const program = spawn(
		process.env.FIREFOX ?? '/usr/bin/firefox-esr',
		['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
		{ env: { ...process.env, HOME: profile, TZ: 'America/Sao_Paulo', MOZ_CRASHREPORTER_DISABLE: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
	);
	let said = '';
	program.stderr.on('data', (bytes) => (said += bytes));
	let gone;
	const ended = new Promise((resolve) => program.once('exit', resolve).once('error', resolve)).then((why) => (gone = why ?? 0));
	const address = await until(() => {
		if (gone !== undefined) throw new Error(`Firefox does not start: ${gone}\n${said}`);
		return /BiDi listening on (\S+)/.exec(said)?.[1];
	}, 'Firefox to listen', 60_000); // the first start from a cold disk takes twenty seconds
	const wire = await connect(`${address}/session`);
	await wire.send('session.new', { capabilities: { alwaysMatch: { unhandledPromptBehavior: { default: 'accept' } } } });
	await wire.send('session.subscribe', { events: ['log.entryAdded', 'browsingContext.navigationStarted'] });
	return {
		wire,
		open: (url, options) => open(wire, url, options),
		async close() {
			await wire.send('browser.close').catch(() => program.kill());
			await ended;
			await rm(profile, { recursive: true, force: true });
		},
	};
}

// ---- a page ----

const KEYS = {
	Backspace: '\uE003', Tab: '\uE004', Enter: '\uE007', Shift: '\uE008', Control: '\uE009', Escape: '\uE00C',
	PageUp: '\uE00E', PageDown: '\uE00F', End: '\uE010', Home: '\uE011', Delete: '\uE017',
	ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015',
};

// Run in the page: the first element in sight with this selector and text.
function found(selector, text) {
	const says = (element) => !text || element.textContent.replace(/\s+/g, ' ').includes(text);
	return [...document.querySelectorAll(selector)].find((element) => says(element) && element.checkVisibility({ visibilityProperty: true }));
}

function watchPolicy() {
	window.cspViolations = [];
	document.addEventListener('securitypolicyviolation', (event) =>
		window.cspViolations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
	);
}

async function open(wire, url, { phone = false } = {}) {
	const { userContext } = await wire.send('browser.createUserContext');
	const { context } = await wire.send('browsingContext.create', { type: 'window', userContext });
	const device = phone ? PHONE : DESK;
	const problems = [];
	let left = 0; // when the page was left: what it still asked for then is cut off
	wire.listen((method, entry) => {
		if (method === 'browsingContext.navigationStarted' && entry.context === context) left = Date.now();
		if (method !== 'log.entryAdded' || entry.source.context !== context || entry.level !== 'error') return;
		if (!/NetworkError/.test(entry.text) || Date.now() - left > 2000)
			problems.push(`console: ${entry.text} ${JSON.stringify(entry.stackTrace?.callFrames?.[0] ?? '')}`);
	});
	await wire.send('browsingContext.setViewport', { context, viewport: device });
	await wire.send('script.addPreloadScript', { functionDeclaration: String(watchPolicy), contexts: [context] });

	// Like evaluate elsewhere: a function of the page and its JSON arguments.
	async function run(what, ...args) {
		const answer = await wire.send('script.callFunction', {
			functionDeclaration: `async (text) => { ${found}; return JSON.stringify(await (${what})(...JSON.parse(text))); }`,
			arguments: [{ type: 'string', value: JSON.stringify(args) }],
			target: { context },
			awaitPromise: true,
			userActivation: true,
		});
		if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
		return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
	}
	// A page that is being left answers nothing: asked again.
	const tried = (what, ...args) => run(what, ...args).catch(() => undefined);

	// What was pressed may have led away before the last of it was done.
	const input = (actions) =>
		wire.send('input.performActions', { context, actions }).catch((error) => {
			if (Date.now() - left > 1000) throw error;
		});
	const pointer = (...actions) =>
		input([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }]);
	const at = (point, duration = 0) => ({ type: 'pointerMove', x: Math.round(point.x), y: Math.round(point.y), duration });

	const page = {
		context,
		device,
		problems,
		run,
		goto: (to) => wire.send('browsingContext.navigate', { context, url: to, wait: 'complete' }),
		// To the front: only one window has the keys.
		front: () => wire.send('browsingContext.activate', { context }),
		url: () => run(() => location.href),
		until: (what, ...args) => until(() => tried(what, ...args), `${what} ${JSON.stringify(args)}`),
		sees: (selector, text) =>
			until(() => tried((s, t) => Boolean(found(s, t)), selector, text), `${selector} "${text ?? ''}"`),
		count: (selector, text) =>
			run((s, t) => [...document.querySelectorAll(s)].filter((it) => !t || it.textContent.includes(t)).length, selector, text),
		text: async (selector) => (await page.sees(selector)) && run((s) => found(s).textContent.trim(), selector),
		// The middle of it once it stands still, scrolled into sight.
		async box(selector, text) {
			let before;
			return until(
				async () => {
					const box = await tried((s, t) => {
						const element = found(s, t);
						if (!element) return undefined;
						element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
						const { x, y, width, height } = element.getBoundingClientRect();
						return { x: x + width / 2, y: y + height / 2, left: x, top: y, width, height };
					}, selector, text);
					const still = box && before && box.x === before.x && box.y === before.y;
					before = box;
					return still && box;
				},
				`the place of ${selector} "${text ?? ''}"`,
			);
		},
		move: (...points) => pointer(...points.map((point) => at(point, point.ms))),
		down: () => pointer({ type: 'pointerDown', button: 0 }),
		up: () => pointer({ type: 'pointerUp', button: 0 }),
		async clickAt(point) {
			await pointer(at(point), { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 });
		},
		async click(selector, text) {
			await page.clickAt(await page.box(selector, text));
		},
		// Take it up, carry it over the points and let go.
		async carry(from, ...points) {
			await page.move(from);
			await page.down();
			await page.move({ x: from.x + 4, y: from.y + 8, ms: 60 }, ...points.map((point) => ({ ms: 250, ...point })));
		},
		// 'Control+k', 'Enter', 'a'
		async press(...names) {
			for (const name of names) {
				const keys = name === '+' ? ['+'] : name.split('+').map((key) => KEYS[key] ?? key);
				await input([{ type: 'key', id: 'keys', actions: [
					...keys.map((value) => ({ type: 'keyDown', value })),
					...[...keys].reverse().map((value) => ({ type: 'keyUp', value })),
				] }]);
			}
		},
		type: (text) =>
			input([{ type: 'key', id: 'keys', actions: [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]) }]),
		// As if typed over what stood there.
		async fill(selector, value) {
			await page.sees(selector);
			await run((s, v) => {
				const field = found(s);
				field.focus();
				field.value = v;
				field.dispatchEvent(new InputEvent('input', { bubbles: true }));
				field.dispatchEvent(new Event('change', { bubbles: true }));
			}, selector, value);
		},
		async files(selector, ...names) {
			const answer = await wire.send('script.evaluate', {
				expression: `document.querySelector(${JSON.stringify(selector)})`,
				target: { context },
				awaitPromise: false,
			});
			await wire.send('input.setFiles', { context, element: { sharedId: answer.result.sharedId }, files: names });
		},
		viewport: (viewport) => wire.send('browsingContext.setViewport', { context, viewport }),
		async shot(file) {
			const { data } = await wire.send('browsingContext.captureScreenshot', { context });
			await writeFile(file, Buffer.from(data, 'base64'));
		},
		async login(base, email, password) {
			await page.goto(`${base}/login`);
			await page.fill('input[autocomplete="username"], input[type=email]', email);
			await page.fill('input[type=password]', password);
			await page.click('button[type=submit]');
			await page.until(() => document.readyState === 'complete' && !document.querySelector('input[type=password]'));
		},
		// Script errors, what the policy stopped, what is wider than the window.
		async check() {
			const { policy, width } = await run(() => ({
				policy: window.cspViolations.splice(0),
				width: document.documentElement.scrollWidth - innerWidth,
			}));
			return [
				...problems.splice(0),
				...policy.map((text) => `CSP: ${text}`),
				...(width > 0 ? [`overflow: page is ${width} px too wide`] : []),
			];
		},
		close: () => wire.send('browser.removeUserContext', { userContext }),
	};
	if (url) await page.goto(url);
	return page;
}
