// The visit and its notes. Dictation, in browsers that offer it ([data-dictate] = id of the field): what is heard is put
// behind what was typed; nothing is sent by this page, but the browser may use a service of its maker, so it says so
// once. A line that is ticked as done ([data-kit]) brings its materials along.
const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
const siso = window.siso;
let running = null;

function stop() {
	running?.hearing.stop();
}

function label(button, on) {
	button.querySelector('span').textContent = on ? 'Parar de ditar' : 'Ditar';
	button.setAttribute('aria-pressed', String(on));
}

function write(field, text) {
	const gap = field.value && !/\s$/.test(field.value) ? ' ' : '';
	field.setRangeText(gap + text.trim(), field.value.length, field.value.length, 'end');
	field.dispatchEvent(new Event('input', { bubbles: true })); // the draft is kept too
}

function start(button) {
	const hearing = new Recognition();
	hearing.lang = 'pt-BR';
	hearing.continuous = true;
	hearing.onresult = (event) => {
		for (const result of [...event.results].slice(event.resultIndex)) {
			const field = document.getElementById(button.dataset.dictate);
			if (result.isFinal && field) write(field, result[0].transcript);
		}
	};
	hearing.onerror = (event) => {
		if (event.error === 'no-speech' || event.error === 'aborted') return;
		siso.toast(event.error === 'not-allowed'
			? 'O navegador não liberou o microfone.'
			: 'O ditado não está disponível agora. Escreva a evolução.', { tone: 'red' });
	};
	hearing.onend = () => {
		running = null;
		label(button, false);
	};
	running = { hearing };
	hearing.start();
	label(button, true);
	if (!localStorage.getItem('dictation-told')) {
		localStorage.setItem('dictation-told', '1');
		siso.toast('O ditado é do navegador, que pode enviar o áudio ao serviço dele.', { tone: 'blue' });
	}
}

function show() {
	for (const button of document.querySelectorAll('[data-dictate]')) button.hidden = !Recognition;
}

document.addEventListener('click', (event) => {
	const button = event.target.closest('[data-dictate]');
	if (!button) return;
	if (running) stop();
	else start(button);
});
// What was done brings its materials along, once; the text stays free to be changed.
document.addEventListener('change', (event) => {
	const { kit } = event.target.dataset;
	const field = document.querySelector('#visit-end [name=materials]');
	if (!kit || !field) return;
	if (event.target.checked && !field.value.includes(kit)) field.value = field.value ? `${field.value.trimEnd()}\n${kit}` : kit;
	else if (!event.target.checked) field.value = field.value.split('\n').filter((line) => line !== kit).join('\n');
	field.dispatchEvent(new Event('input', { bubbles: true })); // the draft is kept too
});

document.addEventListener('htmx:after:swap', show);
addEventListener('pagehide', stop);
show();
