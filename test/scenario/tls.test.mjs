// deploy/nginx.conf and deploy/certificates as a server of one's own has them, in front of the program that runs:
// certificates by name, HSTS, Secure cookies, a new domain and a renewal without a reload, and an authority of the
// test's own (pebble) that issues through uacme.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { csrfOf, formBody, PASSWORD, pause, request, signIn } from './http.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const data = fs.realpathSync(process.env.SISO_DATA);
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-tls-'));
const isRoot = process.getuid() === 0;
const owner = fs.statSync(data); // nginx and the program share a user
const tls = path.join(dir, 'tls');
const ports = [];
const children = [];
let ca;

const own = (...names) => {
	for (const name of names) if (isRoot) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, name]);
};
const freePort = () =>
	new Promise((resolve) => {
		const server = net.createServer().listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});
const until = async (what, ready) => {
	for (const end = Date.now() + 20_000; Date.now() < end; await pause(50)) if (await ready()) return;
	throw new Error(`waited 20 s: ${what}`);
};
const listens = (port) =>
	new Promise((resolve) => {
		const s = net.connect(port, '127.0.0.1', () => (s.destroy(), resolve(true)));
		s.on('error', () => resolve(false));
	});
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

// A certificate by the test's own authority, where uacme would put it.
function certify(name) {
	for (const folder of [name, `private/${name}`]) fs.mkdirSync(path.join(tls, folder), { recursive: true, mode: 0o700 });
	const [cert, key] = [path.join(tls, name, 'cert.pem'), path.join(tls, 'private', name, 'key.pem')];
	fs.writeFileSync(path.join(dir, 'ext'), `subjectAltName=DNS:${name}\n`);
	openssl('req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${key}.new`, '-out', 'csr', '-subj', `/CN=${name}`);
	openssl('x509', '-req', '-in', 'csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '90', '-extfile', 'ext', '-out', `${cert}.new`);
	for (const file of [key, cert]) fs.renameSync(`${file}.new`, file);
	own(tls);
}

// The machine's own paths and ports give way to the test's; everything else is what a server runs.
function confOf() {
	const statics = /location \/static\/ \{[^]*?alias "([^"]+)"/.exec(fs.readFileSync(path.join(data, 'nginx/nginx.conf'), 'utf8'))[1];
	const changes = [
		['user siso siso;', isRoot ? `user ${execFileSync('id', ['-un', String(owner.uid)], { encoding: 'utf8' }).trim()};` : ''],
		['pid /run/nginx.pid;', `pid ${dir}/nginx.pid; daemon off;`],
		['/var/log/nginx/error.log', `${dir}/error.log`],
		['unix:/run/siso/', `unix:${data}/run/`],
		['/var/lib/siso/tls/', `${tls}/`],
		['/var/lib/siso/nginx/', `${dir}/nginx/`],
		['/var/lib/siso/files/', `${data}/files/`],
		['/opt/siso/build/release/static/', statics],
		['/opt/siso/deploy/', `${root}/deploy/`],
		['/var/www/acme/', `${dir}/acme/`],
		['listen 80 default_server; listen [::]:80 default_server;', `listen 127.0.0.1:${ports[0]};`],
		['listen 443 ssl http2 backlog=4096; listen [::]:443 ssl http2 backlog=4096;', `listen 127.0.0.1:${ports[1]} ssl http2;`],
	];
	let text = fs.readFileSync(path.join(root, 'deploy/nginx.conf'), 'utf8');
	for (const [from, to] of changes) {
		assert.ok(text.includes(from), `deploy/nginx.conf has lost: ${from}`);
		text = text.replaceAll(from, to);
	}
	if (!fs.existsSync('/usr/lib/nginx/modules/ngx_http_brotli_static_module.so')) text = text.replace(/load_module.*\n/, '').replace('brotli_static on;', '');
	return text.replace('load_module modules/', 'load_module /usr/lib/nginx/modules/');
}

function ask(name, method, url, { headers = {}, body, trust = ca } = {}) {
	return new Promise((resolve, reject) => {
		const q = https.request({ host: '127.0.0.1', port: ports[1], servername: name, ca: trust, agent: false, method, path: url,
			headers: { host: name, ...headers } }, (answer) => {
			const { serialNumber } = answer.socket.getPeerCertificate();
			let text = '';
			answer.setEncoding('utf8').on('data', (part) => (text += part));
			answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, serial: serialNumber }));
		});
		q.on('error', reject);
		q.end(body);
	});
}
const plain = (name, url) =>
	new Promise((resolve, reject) => {
		http.get({ host: '127.0.0.1', port: ports[0], path: url, headers: { host: name }, agent: false }, (answer) => {
			let text = '';
			answer.on('data', (part) => (text += part));
			answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
		}).on('error', reject);
	});

before(async () => {
	fs.chmodSync(dir, 0o711);
	for (const folder of ['acme', 'nginx', 'tls', 'tls/private']) fs.mkdirSync(path.join(dir, folder));
	ports.push(await freePort(), await freePort());
	openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA');
	ca = fs.readFileSync(path.join(dir, 'ca.pem'));
	certify('ianara.localhost');
	own(path.join(dir, 'acme'), path.join(dir, 'nginx'));
	fs.writeFileSync(path.join(dir, 'nginx.conf'), confOf());
	const nginx = spawn('/usr/sbin/nginx', ['-c', path.join(dir, 'nginx.conf'), '-e', path.join(dir, 'error.log')], { stdio: 'inherit' });
	children.push(nginx);
	await until('nginx', () => listens(ports[1]));
});
after(async () => {
	for (const child of children) if (child.exitCode === null) child.kill('SIGTERM');
	await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? new Promise((go) => child.on('exit', go))));
	fs.rmSync(dir, { recursive: true, force: true });
});

test('plain HTTP leads to TLS, except where an authority looks', async () => {
	const page = await plain('ianara.localhost', '/funnel?a=1');
	assert.equal(page.status, 301);
	assert.equal(page.headers.location, 'https://ianara.localhost/funnel?a=1');
	fs.writeFileSync(path.join(dir, 'acme/token'), 'answer');
	assert.equal((await plain('ianara.localhost', '/.well-known/acme-challenge/token')).text, 'answer');
	fs.rmSync(path.join(dir, 'acme/token'));
});

test('behind TLS a page asks for TLS from now on and its cookies never travel without', async () => {
	const door = await ask('ianara.localhost', 'GET', '/login');
	assert.equal(door.status, 200);
	assert.equal(door.headers['strict-transport-security'], 'max-age=31536000');
	assert.match(door.headers['content-security-policy'], /^default-src 'none';/);
	const cookie = (door.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
	const entered = await ask('ianara.localhost', 'POST', '/login', {
		headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', origin: 'https://ianara.localhost' },
		body: formBody({ csrf: csrfOf(door.text), email: 'recepcao@ianara.test', password: PASSWORD }),
	});
	assert.equal(entered.status, 303, entered.text);
	const cookies = entered.headers['set-cookie'];
	assert.ok(cookies.length >= 2);
	for (const line of cookies) assert.match(line, /HttpOnly.*SameSite|SameSite.*HttpOnly/i);
	for (const line of cookies) assert.match(line, /; Secure/, line);
	const inside = await ask('ianara.localhost', 'GET', '/funnel', { headers: { cookie: cookies.map((line) => line.split(';')[0]).join('; ') } });
	assert.equal(inside.status, 200);
	assert.match(inside.text, /Funil/);
});

test('without TLS neither is said, or nobody could sign in on a machine of one’s own', async () => {
	const door = await request('ianara', 'GET', '/login');
	assert.equal(door.headers['strict-transport-security'], undefined);
	for (const line of door.headers['set-cookie'] ?? []) assert.doesNotMatch(line, /Secure/);
});

test('pages and styles come by HTTP/2', async () => {
	const session = http2.connect(`https://127.0.0.1:${ports[1]}`, { ca, servername: 'ianara.localhost' });
	const status = await new Promise((resolve, reject) => {
		session.on('error', reject);
		const q = session.request({ ':path': '/theme.css', ':authority': 'ianara.localhost' });
		q.on('response', (headers) => resolve(headers[':status'])).on('error', reject);
		q.resume();
		q.end();
	});
	assert.equal(session.alpnProtocol, 'h2');
	session.close();
	assert.equal(status, 200);
});

test('a name without a certificate is refused, never shown another clinic’s', async () => {
	for (const name of ['aurora.localhost', 'nobody.example']) await assert.rejects(ask(name, 'GET', '/login'), /handshake|alert|reset|socket|hang up/i);
});

test('a new certificate is served from the next handshake on, and so is a renewed one', async () => {
	certify('aurora.localhost');
	const first = await ask('aurora.localhost', 'GET', '/login');
	assert.equal(first.status, 200);
	assert.match(first.text, /Aurora/);
	certify('aurora.localhost');
	const second = await ask('aurora.localhost', 'GET', '/login');
	assert.notEqual(second.serial, first.serial);
});

// ---- deploy/certificates with a real client and a real authority, both from Debian ----

const siso = [process.env.SISO_BIN, '../../build/debug/src/siso', '../../build/release/src/siso']
	.filter(Boolean).map((file) => path.resolve(root, 'test/scenario', file)).find((file) => fs.existsSync(file));

// uacme trusts what the machine trusts; only inside does the machine trust the test's authority.
function certificates(directory, script = `${root}/deploy/certificates`) {
	const bundle = path.join(dir, 'bundle.pem');
	fs.writeFileSync(bundle, ca);
	const run = `mount --bind ${bundle} /etc/ssl/certs/ca-certificates.crt && exec ${script}`;
	const made = spawnSync('unshare', ['-m', 'sh', '-c', run], { encoding: 'utf8', env: { ...process.env,
		ASAN_OPTIONS: 'detect_leaks=0', SISO_PROGRAM: siso, SISO_TLS: tls, SISO_ACME: `${dir}/acme`, SISO_ACME_PORT: ports[0],
		SISO_ACME_URL: directory, SISO_SECRET_FILE: `${data}/secret`,
		DATABASE_URL: `host=${data}/run dbname=siso user=siso_app`, DATABASE_OWNER_URL: `host=${data}/run dbname=siso user=siso_owner` } });
	own(tls);
	return made;
}

async function authority() {
	const [acme, manage, dns, mock] = [await freePort(), await freePort(), await freePort(), await freePort()];
	fs.writeFileSync(path.join(dir, 'ext'), 'subjectAltName=IP:127.0.0.1\n');
	openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'acme.key', '-out', 'csr', '-subj', '/CN=acme');
	openssl('x509', '-req', '-in', 'csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'ext', '-out', 'acme.pem');
	fs.writeFileSync(path.join(dir, 'pebble.json'), JSON.stringify({ pebble: { listenAddress: `127.0.0.1:${acme}`,
		managementListenAddress: `127.0.0.1:${manage}`, certificate: `${dir}/acme.pem`, privateKey: `${dir}/acme.key`,
		httpPort: ports[0], tlsPort: ports[1], ocspResponderURL: '', externalAccountBindingRequired: false } }));
	children.push(spawn('pebble-challtestsrv', ['-dns01', `127.0.0.1:${dns}`, '-http01', '', '-https01', '', '-tlsalpn01', '',
		'-management', `127.0.0.1:${mock}`, '-defaultIPv6', ''], { stdio: 'ignore' }));
	children.push(spawn('pebble', ['-config', path.join(dir, 'pebble.json'), '-dnsserver', `127.0.0.1:${dns}`],
		{ stdio: 'ignore', env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' } }));
	await until('pebble', async () => (await listens(acme)) && (await listens(manage)));
	const trust = await new Promise((resolve, reject) => {
		https.get({ host: '127.0.0.1', port: manage, path: '/roots/0', ca }, (answer) => {
			let text = '';
			answer.on('data', (part) => (text += part));
			answer.on('end', () => resolve(text));
		}).on('error', reject);
	});
	return { url: `https://127.0.0.1:${acme}/dir`, trust };
}

test('the names of all clinics get certificates by themselves, and only names that lead here are asked for', async (t) => {
	if (!isRoot || spawnSync('unshare', ['-m', 'mount', '--bind', dir, dir]).status !== 0) return t.skip('cannot trust an own authority without root');
	if (['uacme', 'pebble', 'pebble-challtestsrv'].some((name) => spawnSync('which', [name]).status !== 0)) return t.skip('needs uacme and pebble');
	const boss = await signIn('ianara', 'dona@ianara.test');
	for (const host of ['sorriso.localhost', 'longe.exemplo.invalid']) {
		await boss.post('/settings/domains', { host });
		assert.ok((await boss.get('/settings/domains')).text.includes(host));
	}
	const { url, trust } = await authority();

	let made = certificates(url);
	assert.equal(made.status, 1);
	assert.match(made.stderr, /no account yet/);
	made = certificates(url, `uacme -c ${tls} -a ${url} -y new ti@clinica.test`);
	assert.equal(made.status, 0, made.stderr);
	made = certificates(url);
	assert.equal(made.status, 0, made.stderr);
	assert.match(made.stdout, /^sorriso\.localhost: certificate issued$/m);
	assert.match(made.stdout, /^longe\.exemplo\.invalid: does not lead here yet$/m);
	assert.doesNotMatch(made.stdout, /^(ianara|aurora)\.localhost: certificate/m, 'what is good for 90 days is left alone');
	assert.deepEqual(fs.readdirSync(path.join(dir, 'acme')), []);

	const page = await ask('sorriso.localhost', 'GET', '/login', { trust });
	assert.equal(page.status, 200);
	assert.match(page.text, /Ianara/);
	made = certificates(url);
	assert.doesNotMatch(made.stdout, /sorriso/, 'twice');
	// what the authority refuses is told, and asked again after an hour only
	fs.rmSync(path.join(tls, 'sorriso.localhost/cert.pem'));
	made = certificates(`${url}/nowhere`);
	assert.equal(made.status, 1);
	assert.match(made.stderr, /sorriso\.localhost: the authority refused/);
	assert.equal(certificates(url).status, 0);
	assert.deepEqual(fs.readdirSync(path.join(dir, 'acme')), []);
});
