// What every browser test needs: Chromium, signing in, pictures, and the checks that each page must
// pass (accessibility, strict CSP, no sideways scrolling, no script error).
//
//   import { browser, open, login, check, shot, close } from './lib.mjs';
//   const b = await browser();
//   const page = await open(b, 'http://ianara.localhost:8080', { phone: true, dark: true });
//   await login(page, 'renata@…', '…');
//   problems = await check(page);       // [] when all is well
//
// playwright-core and axe-core come from web/node_modules (script/bootstrap).
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(here, '../../web/package.json'));
const { chromium } = require('playwright-core');
const axePath = require.resolve('axe-core/axe.min.js');

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

// The policy of every page (src/platform/web); servers of the tests' own send it too.
export const CSP =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export const browser = () =>
	chromium.launch({
		executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--no-first-run',
			'--lang=pt-BR',
			'--host-resolver-rules=MAP *.localhost 127.0.0.1',
		],
	});

// LATENCY=300: milliseconds that every answer comes later. A test that does not wait for what it asked for fails then.
const latency = Number(process.env.LATENCY ?? 0);

// A page with its own cookies. Collects what goes wrong in page.problems.
export async function open(b, url, { phone = false, dark = false, fixedTime, reducedMotion = true } = {}) {
	const context = await b.newContext({
		viewport: phone ? PHONE : DESK,
		deviceScaleFactor: phone ? 2 : 1,
		isMobile: phone,
		hasTouch: phone,
		locale: 'pt-BR',
		timezoneId: 'America/Sao_Paulo',
		colorScheme: dark ? 'dark' : 'light',
		reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
	});
	const page = await context.newPage();
	page.device = phone ? PHONE : DESK;
	page.problems = [];
	page.on('pageerror', (error) => page.problems.push(`script error: ${error.message}`));
	let left = 0; // when the page was left: what it still asked for then is cut off
	page.on('request', (request) => {
		if (request.isNavigationRequest()) left = Date.now();
	});
	page.on('console', (message) => {
		if (/Failed to fetch/.test(message.text()) && Date.now() - left < 2000) return;
		// a status of 400 or more is the test's business, not a fault of the page
		if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
			page.problems.push(`console: ${message.text().slice(0, 300)}`);
	});
	await page.addInitScript(() => {
		window.cspViolations = [];
		document.addEventListener('securitypolicyviolation', (event) =>
			window.cspViolations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
		);
	});
	if (fixedTime) await page.clock.setFixedTime(new Date(fixedTime));
	if (latency) {
		const wire = await context.newCDPSession(page);
		await wire.send('Network.enable');
		await wire.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 });
	}
	if (url) await page.goto(url, { waitUntil: 'load' });
	return page;
}

export const close = (page) => page.context().close();

// Fill the sign-in form as a person does; the page that follows is open when this returns.
export async function login(page, email, password) {
	await page.fill('input[autocomplete="username"], input[type=email]', email);
	await page.fill('input[type=password]', password);
	await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
	if (await page.locator('input[type=password]').count())
		throw new Error(`could not sign in as ${email}: ${await page.locator('[role=alert]').allTextContents()}`);
}

export async function cspProblems(page) {
	const found = await page.evaluate(() => window.cspViolations);
	return found.map((text) => `CSP: ${text}`);
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function axeProblems(page, { without = [] } = {}) {
	// evaluate runs past the page's CSP; a script tag would be blocked, as it should
	await page.evaluate(await fs.readFile(axePath, 'utf8'));
	// The whole page in sight: what lies under a fixed bar only because of the scroll is no fault.
	const height = await page.evaluate(() => document.documentElement.scrollHeight);
	await page.setViewportSize({ ...page.device, height: Math.max(page.device.height, height) });
	const found = await page.evaluate(
		({ rules, off }) =>
			window.axe.run(document, {
				runOnly: rules,
				resultTypes: ['violations'],
				rules: Object.fromEntries(off.map((id) => [id, { enabled: false }])),
			}),
		{ rules: RULES, off: without },
	);
	await page.setViewportSize(page.device);
	return found.violations.map((rule) => {
		const where = rule.nodes.slice(0, 3).map((node) => {
			const data = node.any[0]?.data;
			const ratio = data?.contrastRatio ? ` (${data.contrastRatio}: ${data.fgColor} on ${data.bgColor})` : '';
			return node.target.join(' ') + ratio;
		});
		return `axe ${rule.id} (${rule.impact}) ×${rule.nodes.length}: ${where.join(' | ')}`;
	});
}

// Compared with the device and not with innerWidth, which grows with what overflows on a phone.
export async function overflowProblems(page) {
	const width = await page.evaluate(() => Math.max(innerWidth, document.documentElement.scrollWidth));
	return width > page.device.width ? [`overflow: page is ${width - page.device.width} px too wide`] : [];
}

// Things to touch that are smaller than a fingertip (phones only): links in running text are exempt.
export async function touchProblems(page) {
	if (page.device !== PHONE) return [];
	const found = await page.evaluate(() => {
		const small = [];
		const targets = 'button, a[href], input:not([type=hidden]), select, textarea, summary, [role=button]';
		for (const element of document.querySelectorAll(targets)) {
			const box = element.getBoundingClientRect();
			const style = getComputedStyle(element);
			if (!box.width || !box.height || style.visibility === 'hidden') continue;
			if (element.closest('p, dd, .crumbs, .table-cards thead, .sr-only, .skip, .top h1, .form-errors li')) continue;
			const area = (element.closest('label') ?? element).getBoundingClientRect();
			const cover = getComputedStyle(element, '::after').position === 'absolute' && element.matches('.cover');
			if (cover || element.matches('.sr-only')) continue;
			if (Math.round(area.height) < 44 && Math.round(area.width) < 44)
				small.push(`${element.tagName.toLowerCase()}.${element.className} ${Math.round(area.width)}×${Math.round(area.height)}`);
		}
		return small;
	});
	return [...new Set(found)].slice(0, 5).map((text) => `touch target: ${text}`);
}

// Everything at once; an empty list means the page is as it should be.
export async function check(page, options = {}) {
	return [
		...page.problems.splice(0),
		...(await cspProblems(page)),
		...(await overflowProblems(page)),
		...(await touchProblems(page)),
		...(await axeProblems(page, options)),
	];
}

// A picture under SHOTS (default build/shots); full: the whole length of the page.
export async function shot(page, name, { full = false } = {}) {
	const dir = process.env.SHOTS ?? path.join(here, '../../build/shots');
	await fs.mkdir(dir, { recursive: true });
	const file = path.join(dir, `${name}.png`);
	await page.screenshot({ path: file, fullPage: full });
	return file;
}

// Put the theme cookie as the program's own button does.
export async function setTheme(page, dark) {
	const { hostname } = new URL(page.url());
	await page.context().addCookies([{ name: 'theme', value: dark ? 'dark' : 'light', domain: hostname, path: '/' }]);
}

export async function until(ready, what, ms = 10_000) {
	const end = Date.now() + ms;
	while (Date.now() < end) {
		if (await ready()) return;
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	throw new Error(`waited ${ms} ms for ${what}`);
}
