// The running program over plain HTTP, for scenario tests: a client that sends what a test says and
// nothing else, and people who sign in as a browser does.
//
//   const owner = await signIn('ianara', 'dona@ianara.test');
//   await owner.post('/leads', { name: 'Ana' });       // form with the CSRF token
//   const api = await key(owner, ['crm.read']);        // API key, made under Configurações
//   (await api('GET', '/api/v1/leads')).json
//
// SISO_URL says where the program is.
import http from 'node:http';

export const base = new URL(process.env.SISO_URL ?? 'http://ianara.localhost:8080');
export const PASSWORD = 'sorriso-aberto-2026';

const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });

// One request; the answer whole. body: text or bytes. host: "ianara" or a whole name.
export function request(host, method, path, { headers = {}, body } = {}) {
	const name = host.includes('.') ? host : `${host}.localhost`;
	return new Promise((resolve, reject) => {
		const q = http.request(
			{
				agent,
				host: '127.0.0.1',
				port: base.port,
				method,
				path,
				headers: {
					host: `${name}:${base.port}`,
					...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
					...headers,
				},
			},
			(answer) => {
				const parts = [];
				answer.on('data', (part) => parts.push(part));
				answer.on('end', () => {
					const text = Buffer.concat(parts).toString('utf8');
					const json = /json/.test(answer.headers['content-type'] ?? '') && text ? JSON.parse(text) : undefined;
					resolve({ status: answer.statusCode, headers: answer.headers, text, json });
				});
			},
		);
		q.on('error', reject);
		q.setTimeout(30_000, () => q.destroy(new Error(`${method} ${path}: no answer in 30 s`)));
		q.end(body);
	});
}

export const formBody = (fields) => {
	const body = new URLSearchParams();
	for (const [name, value] of Object.entries(fields))
		for (const one of [value].flat()) body.append(name, String(one));
	return body.toString();
};

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export const csrfOf = (html) => /name="csrf" value="([^"]+)"/.exec(html)?.[1];

// A browser without a screen: keeps cookies, brings the CSRF token of the page it saw last.
export class Person {
	cookies = new Map();
	csrf = '';
	constructor(host) {
		this.host = host;
	}
	async send(method, path, { headers = {}, body } = {}) {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const answer = await request(this.host, method, path, {
			headers: { ...(cookie ? { cookie } : {}), ...headers },
			body,
		});
		for (const line of answer.headers['set-cookie'] ?? []) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (/max-age=0/i.test(line)) this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
		this.csrf = csrfOf(answer.text) ?? this.csrf;
		return answer;
	}
	get(path, headers) {
		return this.send('GET', path, { headers });
	}
	post(path, fields = {}) {
		return this.send('POST', path, { headers: FORM, body: formBody({ csrf: this.csrf, ...fields }) });
	}
}

export async function signIn(host, email, password = PASSWORD) {
	const person = new Person(host);
	await person.get('/login');
	const answer = await person.post('/login', { email, password });
	if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status} ${answer.text.slice(0, 300)}`);
	await person.get('/settings/account'); // its forms have the session's token
	return person;
}

// How an API is called with a key: (method, path, body?, headers?) → answer. body: a value for JSON, or
// text that is sent as it stands.
export const withKey = (host, text) => (method, path, body, headers = {}) =>
	request(host, method, path, {
		headers: {
			...(text ? { authorization: `Bearer ${text}` } : {}),
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		body: body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
	});

// A new API key of the person's company.
export async function key(person, scopes, name = 'Teste') {
	const answer = await person.post('/settings/api-keys', { name, scopes });
	const text = /id="api-key">([^<]+)</.exec(answer.text)?.[1];
	if (!text) throw new Error(`no key: ${answer.status} ${answer.text.slice(0, 300)}`);
	return withKey(person.host, text);
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Ask until the answer is true; what says what one waited for.
export async function until(ask, what, ms = 15_000) {
	const end = Date.now() + ms;
	for (;;) {
		const answer = await ask();
		if (answer) return answer;
		if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
		await pause(200);
	}
}
