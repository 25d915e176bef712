// How tenancy.test.mjs gets what the agenda's doors have of company A: settings, waiting list, and the
// links that patients open.
import { formBody, request } from './http.mjs';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const first = (text, pattern) => pattern.exec(text)?.[1];

// a: a signed-in owner of company A; host: hers; secret: makes a name that only A knows.
export function doorMakers(a, host, secret) {
	const post = async (path, fields, from) => {
		if (from) await a.get(from);
		return a.post(path, fields);
	};
	const page = (path, pattern) => async () => first((await a.get(path)).text, pattern);
	const newest = async (path, pattern) => [...(await a.get(path)).text.matchAll(pattern)].map((m) => m[1]).sort((x, y) => y - x)[0];
	const open = (path, fields) =>
		request(host, 'POST', path, { headers: { ...FORM, 'sec-fetch-site': 'same-origin' }, body: formBody(fields) });
	const dentist = page('/settings/agenda', /\/settings\/agenda\/dentists\/(\d+)/);
	const free = async (after) => {
		const type = first((await a.get('/agendar')).text, /\/agendar\?type=(\d+)/);
		for (let last = after + 7; after < last; after++) {
			const day = new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
			const html = (await a.get(`/agendar?type=${type}&dentist=0&day=${day}`)).text;
			const slots = [...html.matchAll(/name="slot" value="(\d+-\d+-\d+)"/g)].map((m) => m[1]);
			if (slots.length) return { type, slots };
		}
		return { type, slots: [] };
	};
	let nth = 0;
	const held = async () => {
		const { type, slots } = await free(5);
		const answer = await open('/agendar', { type, dentist: 0, slot: slots[nth++ % slots.length] });
		return answer.headers.location?.split('/').pop();
	};
	const waiting = async () => {
		const patient_id = first((await a.get('/agenda/waiting/new?q=ana')).text, /new\?patient=(\d+)/);
		const answer = await post('/agenda/waiting', { patient_id, minutes: 15, priority: 0 }, '/agenda/waiting/new');
		return first(answer.headers.location ?? '', /waiting\/(\d+)/);
	};
	const offer = async () => {
		const { slots } = await free(9);
		const [start, dentist_id, branch] = slots[nth++ % slots.length].split('-');
		const end = Number(start) + 900;
		await waiting();
		const asked = (await a.get(`/agenda/waiting/offer?dentist=${dentist_id}&branch=${branch}&start=${start}&end=${end}`)).text;
		const ids = first(asked, /name="ids" value="(\d+)"/);
		const made = await post('/agenda/waiting/offer', { dentist: dentist_id, branch, start, end, minutes: 60, ids });
		return first(made.text, /\/oferta\/([\w-]{40,})/);
	};
	const kiosk = async () => first((await post('/settings/agenda/kiosk', {}, '/settings/agenda/online')).text, /\/quiosque\/([\w-]{40,})/);
	return {
		'/settings/agenda/dentists/': dentist,
		'/settings/agenda/chairs/': async () => {
			const branch_id = first((await a.get('/settings/agenda/chairs')).text, /<option value="(\d+)"/);
			await post('/settings/agenda/chairs', { name: `Sala ${secret()}`, branch_id });
			return newest('/settings/agenda/chairs', /\/settings\/agenda\/chairs\/(\d+)/g);
		},
		'/settings/agenda/types/': async () => {
			await post('/settings/agenda/types', { name: `Tipo ${secret()}`, minutes: 30, tone: 'blue' }, '/settings/agenda/types/new');
			return newest('/settings/agenda/types', /\/settings\/agenda\/types\/(\d+)/g);
		},
		'/settings/agenda/shifts/': async () => page(`/settings/agenda/dentists/${await dentist()}`, /\/settings\/agenda\/shifts\/(\d+)/)(),
		'/settings/agenda/extras/': async () => {
			const id = await dentist();
			const branch_id = first((await a.get(`/settings/agenda/dentists/${id}/extra/new`)).text, /name="branch_id"[^]*?<option value="(\d+)"/);
			nth++;
			await post(`/settings/agenda/dentists/${id}/extra`, { branch_id, on_date: `2032-01-${String((nth % 28) + 1).padStart(2, '0')}`, from: '08:00', to: '09:00' });
			return newest(`/settings/agenda/dentists/${id}`, /\/settings\/agenda\/extras\/(\d+)/g);
		},
		'/settings/agenda/blocks/': async () => {
			await post('/settings/agenda/blocks', { kind: 'meeting', title: `Reunião ${secret()}`, first: '2032-02-03', from: '08:00', to: '09:00' }, '/settings/agenda/blocks/new');
			return newest('/settings/agenda/blocks', /\/settings\/agenda\/blocks\/(\d+)/g);
		},
		'/settings/agenda/holidays/': async () => {
			await post('/settings/agenda/holidays', { name: `Feriado ${secret()}`, on_date: '2032-05-04' }, '/settings/agenda/holidays');
			return newest('/settings/agenda/holidays?year=2032', /\/settings\/agenda\/holidays\/(\d+)/g);
		},
		'/agenda/waiting/': waiting,
		'/agenda/feed/': async () => {
			const id = await dentist();
			const answer = await post(`/settings/agenda/dentists/${id}/feed`, {}, `/settings/agenda/dentists/${id}`);
			return first(answer.text, /\/agenda\/feed\/([\w-]+\.ics)/);
		},
		'/agendar/': held,
		'/oferta/': offer,
		'/quiosque/': kiosk,
	};
}

export const doorsWithout = {
	'/agenda/waiting/freed/:id/forget': 'a freed slot is a visit that somebody cancelled: booking.test.mjs has them; the wall of agenda.freed is tested with the tables',
	'/agenda/waiting/:id/link/:offer': 'two ids in one: the first is refused as in its sisters',
	'/consulta/:token': 'the link of a visit is in a letter alone: booking_test.c asks for it as another company',
	'/consulta/:token/confirmar': 'as above',
	'/consulta/:token/desmarcar': 'as above',
	'/consulta/:token/remarcar': 'as above',
};
