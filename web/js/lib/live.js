// What happens now, told by the server (GET /events, server-sent events). Data are ids: a page asks for
// what changed. A stream that broke comes back by itself; what was missed meanwhile is asked for then.
//
//   live({ agenda: (data) => …, again: () => … });   again: the stream came back, anything may have changed
//
// A tab that nobody looks at lets go of its stream after a while: browsers open six to a host.
const AWAY_MS = 30_000;

export function live({ again, ...handlers }) {
	let source;
	let missed = false;
	let timer;

	function start() {
		if (source) return;
		source = new EventSource('/events');
		source.addEventListener('open', () => {
			if (missed) again?.();
			missed = false;
		});
		source.addEventListener('error', () => {
			missed = true;
			// refused for good (signed out, server away): the browser gives up, we do not
			if (source?.readyState !== EventSource.CLOSED) return;
			source = undefined;
			timer = setTimeout(start, 3000);
		});
		for (const [name, run] of Object.entries(handlers))
			source.addEventListener(name, (event) => {
				try {
					run(JSON.parse(event.data));
				} catch {
					again?.();
				}
			});
	}

	function stop() {
		source?.close();
		source = undefined;
		missed = true;
	}

	document.addEventListener('visibilitychange', () => {
		clearTimeout(timer);
		if (document.hidden) timer = setTimeout(stop, AWAY_MS);
		else start();
	});
	addEventListener('pagehide', stop);
	addEventListener('pageshow', (event) => event.persisted && start());
	start();
}
