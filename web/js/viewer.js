// The viewer of images: one or two panes, each a canvas for the picture and one for what is measured on
// it. Zoom, pan, turn, mirror, brightness, contrast, invert; distances in millimetres once something of
// known length was marked. Two panes move together as long as "Andar juntas" is on.
//
//   [data-viewer][data-url]   around all; #panes holds what is shown: id, url, title, width, height, nm
//   [data-tool] [data-range]  buttons and sliders; [data-said] what the last measure says
//
// Keys: + − zoom, 0 fit, R turn, F mirror, I invert, M measure, C calibrate, S together, 1 as it was, arrows move.
import { all, one } from './lib/dom.js';

const root = one('[data-viewer]');
const STEP = 1.25;
const NM_PER_MM = 1e6;

class Pane {
	constructor(what) {
		this.what = what;
		this.box = document.createElement('div');
		this.box.className = 'relative min-h-0 min-w-0 overflow-hidden bg-neutral-950 touch-none outline-offset-[-2px]';
		this.box.tabIndex = 0;
		this.box.setAttribute('role', 'img');
		this.box.setAttribute('aria-label', what.title);
		this.picture = document.createElement('canvas');
		this.ink = document.createElement('canvas');
		for (const canvas of [this.picture, this.ink]) canvas.className = 'absolute inset-0 size-full';
		const label = document.createElement('p');
		label.className = 'pointer-events-none absolute top-2 left-3 rounded bg-black/60 px-2 py-0.5 text-xs text-neutral-200';
		label.textContent = what.title;
		this.box.append(this.picture, this.ink, label);
		this.view = fresh();
		this.lines = [];
		this.draft = null;
		this.image = new Image();
		this.image.onload = () => {
			this.fit();
			this.box.dataset.shown = '1';
		};
		this.image.onerror = () => say('Não foi possível carregar a imagem. Recarregue a página.');
		this.image.src = what.url;
	}

	get turned() {
		return this.view.turns % 2 === 1;
	}

	// the size at which the picture just fits
	fitScale() {
		const { width, height } = this.what;
		const [w, h] = this.turned ? [height, width] : [width, height];
		return Math.min(this.box.clientWidth / w, this.box.clientHeight / h) || 1;
	}

	fit() {
		Object.assign(this.view, { zoom: 1, x: 0, y: 0 });
		this.draw();
	}

	// picture coordinates → pane coordinates; zoom 1 is "fits", x and y are shares of the pane
	matrix() {
		const scale = this.fitScale() * this.view.zoom;
		return new DOMMatrix()
			.translate(
				this.box.clientWidth * (0.5 + this.view.x),
				this.box.clientHeight * (0.5 + this.view.y),
			)
			.scale(scale * (this.view.flip ? -1 : 1), scale)
			.rotate(this.view.turns * 90)
			.translate(-this.what.width / 2, -this.what.height / 2);
	}

	toPicture(x, y) {
		return new DOMPoint(x, y).matrixTransform(this.matrix().inverse());
	}

	draw() {
		const ratio = devicePixelRatio || 1;
		const [width, height] = [this.box.clientWidth, this.box.clientHeight];
		for (const canvas of [this.picture, this.ink])
			if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
				canvas.width = Math.round(width * ratio);
				canvas.height = Math.round(height * ratio);
			}
		const m = new DOMMatrix().scale(ratio).multiply(this.matrix());
		const pen = this.picture.getContext('2d');
		pen.resetTransform();
		pen.clearRect(0, 0, this.picture.width, this.picture.height);
		pen.setTransform(m);
		pen.imageSmoothingEnabled = this.view.zoom * this.fitScale() < 4;
		if (this.image.complete && this.image.naturalWidth) pen.drawImage(this.image, 0, 0, this.what.width, this.what.height);
		const { brightness, contrast, invert } = this.view;
		this.picture.style.filter = `${invert ? 'invert(1) ' : ''}brightness(${brightness}%) contrast(${contrast}%)`;
		this.drawLines(ratio);
		this.box.dataset.zoom = this.view.zoom.toFixed(2);
	}

	drawLines(ratio) {
		const pen = this.ink.getContext('2d');
		pen.resetTransform();
		pen.clearRect(0, 0, this.ink.width, this.ink.height);
		pen.scale(ratio, ratio);
		pen.font = '600 13px system-ui, sans-serif';
		const m = this.matrix();
		for (const line of this.draft ? [...this.lines, this.draft] : this.lines) {
			const a = new DOMPoint(line.a.x, line.a.y).matrixTransform(m);
			const b = new DOMPoint(line.b.x, line.b.y).matrixTransform(m);
			for (const [color, width] of [
				['rgb(0 0 0 / 0.7)', 4],
				['#fde047', 2],
			]) {
				pen.strokeStyle = color;
				pen.lineWidth = width;
				pen.beginPath();
				pen.moveTo(a.x, a.y);
				pen.lineTo(b.x, b.y);
				pen.stroke();
				for (const end of [a, b]) {
					pen.beginPath();
					pen.arc(end.x, end.y, 4, 0, 7);
					pen.stroke();
				}
			}
			const text = this.lengthText(line);
			const x = (a.x + b.x) / 2 + 8;
			const y = (a.y + b.y) / 2 - 8;
			pen.fillStyle = 'rgb(0 0 0 / 0.75)';
			pen.fillRect(x - 4, y - 15, pen.measureText(text).width + 8, 20);
			pen.fillStyle = '#fde047';
			pen.fillText(text, x, y);
		}
	}

	pixels(line) {
		return Math.hypot(line.a.x - line.b.x, line.a.y - line.b.y);
	}

	lengthText(line) {
		const pixels = this.pixels(line);
		if (!this.what.nm) return `${Math.round(pixels)} px`;
		return `${((pixels * this.what.nm) / NM_PER_MM).toFixed(1).replace('.', ',')} mm`;
	}

	zoomAt(factor, x = this.box.clientWidth / 2, y = this.box.clientHeight / 2) {
		const before = this.toPicture(x, y);
		this.view.zoom = Math.max(0.2, Math.min(40, this.view.zoom * factor));
		const after = before.matrixTransform(this.matrix());
		this.view.x += (x - after.x) / this.box.clientWidth;
		this.view.y += (y - after.y) / this.box.clientHeight;
	}
}

const fresh = () => ({ zoom: 1, x: 0, y: 0, turns: 0, flip: false, brightness: 100, contrast: 100, invert: false });
const say = (text) => (one('[data-said]', root).textContent = text);

let panes = [];
let active;
let mode = null; // "measure", "calibrate"
let together = true;

// What one pane does the other does too, as long as they go together.
function change(run, from = active) {
	for (const pane of together ? panes : [from]) {
		run(pane);
		pane.draw();
	}
	showState();
}

function showState() {
	const on = { flip: active.view.flip, invert: active.view.invert, measure: mode === 'measure', calibrate: mode === 'calibrate', sync: together };
	for (const [name, value] of Object.entries(on)) one(`[data-tool=${name}]`, root)?.setAttribute('aria-pressed', value);
	for (const range of all('[data-range]', root)) range.value = active.view[range.dataset.range];
	for (const pane of panes) pane.ink.style.cursor = mode ? 'crosshair' : 'grab';
}

function setMode(wanted) {
	mode = mode === wanted ? null : wanted;
	if (mode === 'calibrate') say('Marque na imagem uma distância que você conhece.');
	else if (mode === 'measure') say(active.what.nm ? 'Arraste de um ponto a outro.' : 'Arraste de um ponto a outro. Sem calibração, a medida é em pixels.');
	else say('');
	showState();
}

const tools = {
	'zoom-in': () => change((pane) => pane.zoomAt(STEP)),
	'zoom-out': () => change((pane) => pane.zoomAt(1 / STEP)),
	fit: () => change((pane) => Object.assign(pane.view, { zoom: 1, x: 0, y: 0 })),
	left: () => change((pane) => (pane.view.turns = (pane.view.turns + 3) % 4)),
	right: () => change((pane) => (pane.view.turns = (pane.view.turns + 1) % 4)),
	flip: () => change((pane) => (pane.view.flip = !pane.view.flip)),
	invert: () => change((pane) => (pane.view.invert = !pane.view.invert)),
	measure: () => setMode('measure'),
	calibrate: () => setMode('calibrate'),
	clear: () => {
		for (const pane of panes) {
			pane.lines = [];
			pane.draft = null;
			pane.draw();
		}
		mode = null;
		say('');
		showState();
	},
	sync: () => {
		together = !together;
		if (together) for (const pane of panes) Object.assign(pane.view, { zoom: active.view.zoom, x: active.view.x, y: active.view.y });
		change(() => {});
	},
	reset: () => change((pane) => (pane.view = fresh())),
};

// ---- calibration ----

function askLength(line, pane) {
	const dialog = document.createElement('dialog');
	dialog.className = 'dialog';
	const form = document.createElement('form');
	form.method = 'dialog';
	form.className = 'grid gap-4 rounded-lg border bg-card p-5 text-card-foreground';
	const label = document.createElement('label');
	label.className = 'grid gap-2 font-medium';
	label.textContent = 'Quantos milímetros tem essa distância?';
	const input = Object.assign(document.createElement('input'), { type: 'text', inputMode: 'decimal', required: true, placeholder: '10,0' });
	input.className = 'input';
	input.name = 'mm';
	label.append(input);
	const foot = document.createElement('div');
	foot.className = 'flex justify-end gap-2';
	const cancel = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: 'Cancelar' });
	cancel.dataset.variant = 'outline';
	const ok = Object.assign(document.createElement('button'), { type: 'submit', className: 'btn', textContent: 'Calibrar' });
	foot.append(cancel, ok);
	form.append(label, foot);
	dialog.append(form);
	document.body.append(dialog);
	cancel.addEventListener('click', () => dialog.close());
	dialog.addEventListener('close', () => dialog.remove());
	form.addEventListener('submit', (event) => {
		const mm = Number(input.value.replace(',', '.'));
		if (!(mm > 0 && mm < 1000)) {
			event.preventDefault();
			input.setAttribute('aria-invalid', 'true');
			return;
		}
		calibrate(line, pane, mm);
	});
	dialog.showModal();
	input.focus();
}

async function calibrate(line, pane, mm) {
	const nm = Math.round((mm * NM_PER_MM) / pane.pixels(line));
	try {
		const answer = await window.siso.send('POST', `${root.dataset.url}/${pane.what.id}/calibrate`, { nm });
		await window.siso.take(answer);
		if (!answer.ok) return;
	} catch {
		say('Sem conexão: a calibração não foi salva.');
		return;
	}
	pane.what.nm = nm;
	pane.lines.push(line);
	pane.draw();
	mode = 'measure';
	say(`Calibrada: ${pane.lengthText(line)}. Agora as medidas são em milímetros.`);
	showState();
}

// ---- hands ----

function hands(pane) {
	const fingers = new Map();
	let moved = false;
	const at = (event) => {
		const box = pane.box.getBoundingClientRect();
		return { x: event.clientX - box.left, y: event.clientY - box.top };
	};
	pane.box.addEventListener('pointerdown', (event) => {
		if (event.button > 1) return;
		active = pane;
		pane.box.setPointerCapture(event.pointerId);
		fingers.set(event.pointerId, at(event));
		moved = false;
		if (mode && fingers.size === 1) {
			const point = pane.toPicture(...Object.values(at(event)));
			pane.draft = { a: point, b: point };
		} else {
			pane.draft = null;
		}
		showState();
	});
	pane.box.addEventListener('pointermove', (event) => {
		const before = fingers.get(event.pointerId);
		if (!before) return;
		const now = at(event);
		moved = true;
		if (fingers.size === 2) {
			const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
			const spread = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
			const factor = spread(now) / spread(before);
			const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
			pane.draft = null;
			change((each) => each.zoomAt(factor, middle.x, middle.y), pane);
		} else if (pane.draft) {
			pane.draft.b = pane.toPicture(now.x, now.y);
			pane.draw();
		} else if (fingers.size === 1) {
			change((each) => {
				each.view.x += (now.x - before.x) / pane.box.clientWidth;
				each.view.y += (now.y - before.y) / pane.box.clientHeight;
			}, pane);
		}
		fingers.set(event.pointerId, now);
	});
	const up = (event) => {
		fingers.delete(event.pointerId);
		const line = pane.draft;
		pane.draft = null;
		if (!line || !moved || pane.pixels(line) < 3) {
			pane.draw();
			return;
		}
		if (mode === 'calibrate') {
			askLength(line, pane);
		} else {
			pane.lines.push(line);
			say(`Medida: ${pane.lengthText(line)}`);
		}
		pane.draw();
	};
	pane.box.addEventListener('pointerup', up);
	pane.box.addEventListener('pointercancel', (event) => {
		fingers.delete(event.pointerId);
		pane.draft = null;
		pane.draw();
	});
	pane.box.addEventListener(
		'wheel',
		(event) => {
			event.preventDefault();
			const { x, y } = at(event);
			active = pane;
			change((each) => each.zoomAt(event.deltaY < 0 ? 1.12 : 1 / 1.12, x, y), pane);
		},
		{ passive: false },
	);
	pane.box.addEventListener('dblclick', () => tools.fit());
	pane.box.addEventListener('focus', () => (active = pane));
}

const keys = { '+': 'zoom-in', '=': 'zoom-in', '-': 'zoom-out', 0: 'fit', r: 'right', R: 'left', f: 'flip', i: 'invert', m: 'measure', c: 'calibrate', s: 'sync', 1: 'reset', Escape: 'clear' };
const moves = { ArrowLeft: [0.08, 0], ArrowRight: [-0.08, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] };

function onKey(event) {
	if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, dialog')) return;
	const move = moves[event.key];
	if (move) change((pane) => ((pane.view.x += move[0]), (pane.view.y += move[1])));
	else if (keys[event.key] && one(`[data-tool="${keys[event.key]}"]`, root)) tools[keys[event.key]]();
	else return;
	event.preventDefault();
}

if (root) {
	const place = one('[data-panes]', root);
	panes = JSON.parse(one('#panes').textContent).map((what) => new Pane(what));
	[active] = panes;
	place.append(...panes.map((pane) => pane.box));
	panes.forEach(hands);
	root.addEventListener('click', (event) => {
		const tool = event.target.closest('[data-tool]');
		if (tool) tools[tool.dataset.tool]();
	});
	root.addEventListener('input', (event) => {
		const name = event.target.dataset.range;
		if (name) change((pane) => (pane.view[name] = Number(event.target.value)));
	});
	document.addEventListener('keydown', onKey);
	new ResizeObserver(() => panes.forEach((pane) => pane.draw())).observe(place);
	showState();
}
