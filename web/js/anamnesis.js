// A questionnaire being filled in: each answer is sent as it is given, so that a reload or a closed lid
// costs nothing, and only what was touched is: somebody else may be at the same questions. And the drawn signature, which
// goes along as points and never as a picture.
//
//   form[data-anamnesis][data-url]    the questions; [data-saved] says what was kept, [data-count] how many
//   [data-question=ID] [data-detail]  what is asked beside a "yes"
//   [data-pad]                        the box to sign in, with [data-pad-undo] and [data-pad-clear]
//   [data-full]                       the whole screen, for the clinic's tablet
import SignaturePad from 'signature_pad';
import { all, delay, on, one } from './lib/dom.js';

const WIDTH = 600; // the box that the server keeps a signature in
const POINTS_MAX = 800; // a form is at most 64 KB, and each comma three of them
const form = one('form[data-anamnesis]');

// ---- answers ----

const changed = new Set(); // questions that were touched and are not kept yet

function fieldsOf(questions) {
	const all = new FormData(form);
	const fields = new URLSearchParams();
	for (const id of questions) {
		fields.append('changed', id);
		for (const name of [`q${id}`, `d${id}`]) for (const value of all.getAll(name)) fields.append(name, value);
	}
	return fields;
}

const say = (text) => (one('[data-saved]', form).textContent = text);

async function save() {
	const questions = [...changed];
	if (!questions.length) return;
	changed.clear();
	try {
		const answer = await window.siso.send('POST', form.dataset.url, fieldsOf(questions));
		if (answer.ok) return say('Salvo');
		if (answer.status === 409 || answer.status === 410) return location.reload();
		say('Não salvo');
	} catch {
		say('Sem conexão');
		setTimeout(saveSoon, 4000);
	}
	for (const id of questions) changed.add(id);
}
const saveSoon = delay(600, save);

const isAnswered = (item) =>
	all('[name^="q"]', item).some((field) => (/radio|checkbox/.test(field.type) ? field.checked : field.value.trim()));

function count() {
	const answered = all('[data-question]', form).filter(isAnswered).length;
	one('[data-answered]', form).textContent = answered;
	one('[data-count]', form).value = answered;
}

function showDetail(item) {
	const detail = one('[data-detail]', item);
	const yes = one('[value="yes"]', item);
	if (detail) detail.hidden = yes ? !yes.checked : !isAnswered(item);
}

function touch(item) {
	changed.add(item.dataset.question);
	say('');
	count();
	saveSoon();
}

const isOther = (field) =>
	/radio|checkbox/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

if (form) {
	// what was answered before this script had come
	for (const item of all('[data-question]', form))
		if (all('input, textarea', item).some(isOther)) {
			showDetail(item);
			touch(item);
		}
	form.addEventListener('input', (event) => {
		const item = event.target.closest('[data-question]');
		if (item) touch(item);
	});
	form.addEventListener('change', (event) => {
		const item = event.target.closest('[data-question]');
		if (!item) return;
		item.removeAttribute('aria-invalid');
		showDetail(item);
	});
	// a second press takes the answer back: "not answered" is an answer too
	let was = null;
	on('pointerdown', '[data-question] label', (event, label) => {
		was = one('input[type=radio]', label)?.checked ? one('input[type=radio]', label) : null;
	});
	on('click', '[data-question] input[type=radio]', (event, input) => {
		if (input !== was) return;
		was = null;
		input.checked = false;
		input.dispatchEvent(new Event('input', { bubbles: true }));
		input.dispatchEvent(new Event('change', { bubbles: true }));
	});
	addEventListener('pagehide', () => {
		if (changed.size) navigator.sendBeacon?.(form.dataset.url, fieldsOf(changed));
	});
	addEventListener('online', saveSoon);
}

// ---- signature ----

function readPad(pad, canvas) {
	const scale = WIDTH / canvas.offsetWidth;
	const strokes = pad.toData().map((stroke) => stroke.points);
	const total = strokes.reduce((sum, points) => sum + points.length, 0);
	const step = Math.ceil(total / POINTS_MAX);
	const start = strokes[0]?.[0]?.time ?? 0;
	const tenth = (value) => Math.round(value * 10) / 10;
	return strokes.map((points) =>
		points
			.filter((point, i) => i % step === 0 || i === points.length - 1)
			.flatMap((point) => [
				tenth(point.x * scale),
				tenth(point.y * scale),
				Math.max(0, Math.min(3.6e6, Math.round(point.time - start))),
				tenth(Math.max(0, Math.min(1, point.pressure ?? 0.5))),
			]),
	);
}

function setUpPad(box) {
	const canvas = one('canvas', box);
	const hidden = one('[name=signature]', form);
	const pad = new SignaturePad(canvas, { penColor: '#0f172a', minWidth: 1, maxWidth: 2.6 });
	let width = 0;

	const fit = () => {
		if (!canvas.offsetWidth || canvas.offsetWidth === width) return;
		const ratio = Math.max(devicePixelRatio || 1, 1);
		const data = pad.toData();
		const grow = width ? canvas.offsetWidth / width : 1;
		width = canvas.offsetWidth;
		canvas.width = width * ratio;
		canvas.height = canvas.offsetHeight * ratio;
		canvas.getContext('2d').scale(ratio, ratio);
		for (const stroke of data)
			for (const point of stroke.points) {
				point.x *= grow;
				point.y *= grow;
			}
		pad.fromData(data);
	};
	const keep = () => (hidden.value = pad.isEmpty() ? '' : JSON.stringify(readPad(pad, canvas)));

	new ResizeObserver(fit).observe(canvas);
	fit();
	if (hidden.value) {
		// the page came back with something to mend: what was signed is still there
		const grow = width / WIDTH;
		const strokes = JSON.parse(hidden.value).map((flat) => {
			const points = [];
			for (let i = 0; i < flat.length; i += 4)
				points.push({ x: flat[i] * grow, y: flat[i + 1] * grow, time: flat[i + 2], pressure: flat[i + 3] });
			return { penColor: '#0f172a', dotSize: 0, minWidth: 1, maxWidth: 2.6, velocityFilterWeight: 0.7, points };
		});
		pad.fromData(strokes);
	}
	pad.addEventListener('endStroke', keep);
	one('[data-pad-clear]', form).addEventListener('click', () => {
		pad.clear();
		keep();
	});
	one('[data-pad-undo]', form).addEventListener('click', () => {
		pad.fromData(pad.toData().slice(0, -1));
		keep();
	});
}

const box = one('[data-pad]');
if (box) setUpPad(box);

// ---- the tablet ----

on('click', '[data-full]', () => {
	if (document.fullscreenElement) document.exitFullscreen();
	else document.documentElement.requestFullscreen?.({ navigationUI: 'hide' });
});
