// What the browser tests of the agenda share: days that are free, cards and places of the grid, and carrying.
import { readdirSync, readFileSync } from 'node:fs';
import { check, open, login, until } from './lib.mjs';

export const base = process.env.SISO_URL ?? 'http://ianara.localhost:8080';
export const password = 'sorriso-aberto-2026';

// MANUAL=1 renews the manual's pictures.
export const picture = async (title, p) =>
	process.env.MANUAL && title &&
	p.screenshot({ path: new URL(`../../docs/manual/imagens/${title}.png`, import.meta.url).pathname });

// A Wednesday after the weeks that the demonstration fills, no holiday on it, the day after or the three Wednesdays behind;
// another one each time, for a server that stays.
const HOLIDAYS = ['01-01', '04-21', '05-01', '09-07', '10-12', '11-02', '11-15', '11-20', '12-25'];
const isHoliday = (day) => HOLIDAYS.includes(day.toISOString().slice(5, 10));
export function freeDay(later = 0) {
	const weeks = 3 + later + (Math.floor(Date.now() / 20_000) % 60);
	const day = new Date(Date.now() + weeks * 7 * 86_400_000);
	const after = (days) => new Date(+day + days * 86_400_000);
	while (day.getUTCDay() !== 3 || [0, 1, 7, 14, 21].some((days) => isHoliday(after(days)))) day.setUTCDate(day.getUTCDate() + 1);
	return day.toISOString().slice(0, 10);
}
export const dayAfter = (day, days) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export const visit = async (path, p) => {
	await p.goto(base + path);
	await p.locator('[data-agenda][data-ready]').waitFor();
};
export const card = (who, p) => p.locator('.ec-event:not(.ec-ghost, .ec-preview)', { hasText: who });
export const drawer = (p) => p.locator('dialog#drawer[open]');
export const toast = (text, p) => p.locator('.toast', { hasText: text }).last();
export const signedIn = async (b, who, options) => {
	const p = await open(b, `${base}/login`, options);
	await login(p, `${who}@ianara.test`, password);
	return p;
};
export const problems = (p) => check(p);

// A place of the grid: the column by its order, the time as people say it.
export async function place(column, time, p) {
	const [hour, minute] = time.split(':').map(Number);
	const first = await p.evaluate(() => JSON.parse(document.querySelector('#agenda-data').textContent).open);
	const top = ((hour - parseInt(first, 10)) * 60 + minute) * (40 / 30);
	await p.evaluate(() => document.querySelector('.ec-main').scrollTo(0, 40)); // half past seven to four
	const box = await p.locator('.ec-body .ec-day').nth(column).boundingBox();
	return { x: box.x + box.width / 2, y: box.y + top + 4 };
}

export async function takeUp(from, p) {
	await p.mouse.move(from.x, from.y);
	await p.mouse.down();
	await p.mouse.move(from.x + 3, from.y + 8, { steps: 3 });
}
export async function carry(from, to, p) {
	await takeUp(from, p);
	await p.mouse.move(to.x, to.y, { steps: 12 });
	await p.mouse.up();
}

// The grid may be drawn anew at any moment: take the box of what stands still.
export async function boxOf(what) {
	let box;
	await until(async () => {
		box = await what.boundingBox({ timeout: 500 }).catch(() => null);
		return box;
	}, 'its place');
	return box;
}
export const middle = async (what) => {
	const box = await boxOf(what);
	return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 12) };
};

export async function carryCard(who, column, time, p) {
	const to = await place(column, time, p);
	const box = await boxOf(card(who, p));
	await carry({ x: box.x + box.width / 2, y: box.y + 6 }, { x: to.x, y: to.y + 2 }, p);
}

export const timeOf = async (who, p) => (await card(who, p).locator('.ev-line').first().textContent()).slice(0, 5);
export const becomes = (who, time, p, ms = 5000) =>
	until(async () => (await card(who, p).count()) === 1 && (await timeOf(who, p)) === time, `${who} at ${time}`, ms);

// Book by the page's own form, without its drawer; resolves to the status and what came back.
export const book = (fields, p) =>
	p.evaluate(async (all) => {
		const answer = await fetch('/agenda/visits', { method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(all) });
		return { status: answer.status, text: await answer.text() };
	}, fields);

// The program that answers pages, as the supervisor has started it; it starts another when it ends.
export function serverPid() {
	const up = readFileSync(`${process.env.SISO_DATA}/run/up.lock`, 'utf8').split(' ')[0];
	const read = (pid, what) => {
		try {
			return readFileSync(`/proc/${pid}/${what}`, 'utf8');
		} catch {
			return ''; // gone meanwhile
		}
	};
	const isServe = (pid) =>
		read(pid, 'status').includes(`\nPPid:\t${up}\n`) && read(pid, 'cmdline').split('\0')[1] === 'serve';
	return readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && isServe(pid));
}
