// A walk over every page that a person can come to from the first one by links: none is dead, forbidden to who is
// offered it, or against the rules that each page keeps (check() of lib.mjs); and no form is one that may not be sent.
import assert from 'node:assert/strict';
import { check } from './lib.mjs';

const base = process.env.SISO_URL;

// Pages that differ only in whose they are, are one.
const NAMED = new Set(['view', 'tab', 'by', 'kind', 'group', 'state', 'status', 'period', 'mode', 'type']);
function shapeOf(href) {
	const url = new URL(href);
	const path = url.pathname.replace(/\d+/g, '#').replace(/[\w-]{24,}/g, '*');
	const asked = [...url.searchParams]
		.filter(([, value]) => value)
		.map(([name, value]) => (NAMED.has(name) ? `${name}=${value}` : name));
	return [path, ...[...new Set(asked)].sort()].join(' ');
}

// Files of the program, and the public page, which counts who asks.
const OTHERS = /^\/(static|agendar)\b/;

// What is behind an address, where it leads, and what its forms would change.
const look = (page, href, part) =>
	page.evaluate(
		async ([where, half]) => {
			const got = await fetch(where, { headers: half ? { 'HX-Request': 'true' } : { accept: 'text/html' } });
			const isPage = /text\/html/.test(got.headers.get('content-type')) && !got.headers.get('content-disposition');
			if (!got.ok || !isPage) return { status: got.status, links: [], parts: [], posts: [] };
			const drawn = new DOMParser().parseFromString(await got.text(), 'text/html');
			const all = (name, query = `[${name}]`) =>
				[...drawn.querySelectorAll(query)].map((of) => {
					const url = new URL(of.getAttribute(name), got.url);
					if (of.name && of.value) url.searchParams.set(of.name, of.options ? of.options[of.options.length - 1].value : of.value);
					return url.href;
				});
			const posts = drawn.querySelector('#switcher') ? [...all('action', 'form[method=post]'), ...all('formaction'), ...all('hx-post')] : [];
			return { status: got.status, isPage: !half, links: all('href'), parts: all('hx-get'), posts };
		},
		[href, part],
	);

// A form without its token is refused before it changes anything, and after it was asked who may send it.
const mayPost = (page, href) =>
	page.evaluate(async (where) => {
		const got = await fetch(where, { method: 'POST', body: new URLSearchParams(), headers: { accept: 'text/html' } });
		const only = got.status === 403 && /ficou aberta por muito tempo/.test(await got.text()); // the token was missing
		return only ? 200 : got.status;
	}, href);

// Resolves to what is wrong, a line each. most: of addresses that differ only in what they ask for. opens: each page is opened and checked too.
export async function walk(page, { most = 40, opens = true } = {}) {
	const seen = new Set(), checked = new Set(), asked = new Map();
	const bad = [];
	const found = [{ href: `${base}/`, from: 'the first page' }];
	for (const { href, from, kind = 'page' } of found) {
		const shape = `${kind} ${shapeOf(href)}`;
		const path = shape.split(' ')[1];
		if (seen.has(shape) || asked.get(path) >= most) continue;
		seen.add(shape);
		asked.set(path, (asked.get(path) ?? 0) + 1);
		const told = (what) => bad.push(`${href.replace(base, '')}, from ${from}: ${what}`);
		if (kind === 'form') {
			const status = await mayPost(page, href);
			if (status !== 200) told(`POST ${status}`);
			continue;
		}
		const { status, isPage, links, parts, posts } = await look(page, href, kind === 'part');
		if (status >= 400) told(`status ${status}`);
		const own = (url) => url.startsWith(`${base}/`) && !OTHERS.test(url.slice(base.length));
		const note = (urls, what) => found.push(...urls.filter(own).map((url) => ({ href: url.split('#')[0], from: path, kind: what })));
		note(links, 'page');
		note(parts, 'part');
		note(posts, 'form');
		if (!opens || !isPage || checked.has(path)) continue;
		checked.add(path);
		await page.goto(href);
		for (const problem of await check(page)) told(problem);
	}
	assert.ok(seen.size > 100, `only ${seen.size} addresses were found`);
	return bad;
}
