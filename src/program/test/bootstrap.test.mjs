// script/bootstrap and script/server on a machine of make-believe: apt, sudo, npm, meson and ninja are stand-ins that note
// how they were called and fail as told. What the real ones install, .ci/run shows on a bare Debian.
// Usage: node bootstrap.test.mjs ROOT
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = process.argv[2];
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'siso-bootstrap-'));
const tests = [];
const test = (name, run) => tests.push({ name, run });
let count = 0;

function check(value, what) {
	if (!value) throw new Error(what);
}

const REAL = ['sh', 'awk', 'cat', 'chmod', 'cmp', 'cp', 'cut', 'date', 'dirname', 'env', 'grep', 'head', 'mkdir', 'rm', 'sed',
	'sleep', 'tail', 'touch', 'tr'];
// Stand-ins. $FAKE is the machine's folder: what "calls" says was called, what "installed" says is installed.
const FAKES = {
	id: 'case $* in -u) echo ${FAKE_UID-1000} ;; *) [ -e $FAKE/user ] ;; esac',
	'dpkg-query': '[ -e $FAKE/installed ] || exit 1; shift 3; for p; do echo "$p installed"; done',
	sudo: 'echo "sudo $*" >>$FAKE/calls; case $1 in true) ;; tee) cat >/dev/null ;; apt-get | env) "$@" ;; esac',
	'apt-get': 'echo "apt-get $*" >>$FAKE/calls; [ -z "${APT_SAYS-}" ] || { echo "$APT_SAYS"; exit 100; }; case $* in *install*) touch $FAKE/installed ;; esac',
	tee: 'cat >/dev/null',
	useradd: 'echo "useradd $*" >>$FAKE/calls; touch $FAKE/user',
	npm: 'echo "npm $*" >>$FAKE/calls; [ -z "${NPM_SAYS-}" ] || { echo "$NPM_SAYS"; exit 1; }; mkdir -p "$2/node_modules"',
	node: 'exit 0',
	meson: 'echo "meson $*" >>$FAKE/calls; mkdir -p "$2"; echo >"$2/build.ninja"',
	ninja: 'case "$*" in *" -n "*) [ -e $FAKE/built ] && echo "ninja: no work to do."; exit 0 ;; esac; echo "ninja $*" >>$FAKE/calls; [ -z "${NINJA_SAYS-}" ] || { echo "$NINJA_SAYS"; exit 1; }; touch $FAKE/built',
};

function machine(without = []) {
	const dir = path.join(base, `m${++count}`);
	const bin = path.join(dir, 'bin');
	fs.mkdirSync(path.join(dir, 'tree/web'), { recursive: true });
	fs.mkdirSync(bin);
	fs.cpSync(path.join(root, 'script'), path.join(dir, 'tree/script'), { recursive: true });
	fs.writeFileSync(path.join(dir, 'tree/web/package-lock.json'), '{}\n');
	for (const name of REAL) {
		const place = ['/usr/bin', '/bin'].map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
		fs.symlinkSync(place, path.join(bin, name));
	}
	for (const [name, text] of Object.entries(FAKES))
		if (!without.includes(name)) fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
	const me = { dir, calls: () => (fs.existsSync(path.join(dir, 'calls')) ? fs.readFileSync(path.join(dir, 'calls'), 'utf8') : '') };
	me.run = (env = {}, script = 'bootstrap') => {
		fs.rmSync(path.join(dir, 'calls'), { force: true });
		const made = spawnSync(path.join(dir, 'tree/script', script), [], { encoding: 'utf8', env: { PATH: bin, FAKE: dir, LC_ALL: 'C.UTF-8', ...env } });
		return { status: made.status, out: made.stdout + made.stderr };
	};
	return me;
}

test('an ordinary user with sudo: packages by sudo, everything else as oneself', () => {
	const me = machine();
	const { status, out } = me.run();
	const calls = me.calls();
	check(status === 0, out);
	check(/^sudo apt-get .*update$/m.test(calls) && /^sudo env .* install .*postgresql-15/m.test(calls), calls);
	check(/^npm /m.test(calls) && /^meson setup/m.test(calls) && /^ninja /m.test(calls), calls);
	check(!/^sudo (npm|meson|ninja|useradd)/m.test(calls) && !/useradd/.test(calls), calls);
	check(out.includes('o sudo pode pedir sua senha'), out);
	for (const step of ['Instalando pacotes do Debian', 'Baixando as partes do navegador e da fila (npm)', 'Compilando o Siso'])
		check(out.includes(`${step}…`) && out.includes(`${step}: pronto em`), out);
});

test('root needs no sudo and makes the user that everything runs as', () => {
	const me = machine(['sudo']);
	const { status, out } = me.run({ FAKE_UID: '0' });
	check(status === 0, out);
	check(/^useradd --system .* siso$/m.test(me.calls()), me.calls());
	check(me.run({ FAKE_UID: '0' }).status === 0 && !me.calls().includes('useradd'), 'made twice');
});

test('the second run installs, fetches and compiles nothing, and says nothing', () => {
	const me = machine();
	me.run();
	const { status, out } = me.run();
	check(status === 0 && out === '', out);
	check(me.calls() === '', me.calls());
});

test('script/server goes on to the program, in the folder and on the port that were asked for', () => {
	const me = machine();
	const program = path.join(me.dir, 'tree/build/release/src/siso');
	fs.mkdirSync(path.dirname(program), { recursive: true });
	fs.writeFileSync(program, '#!/bin/sh\necho "siso $* in $SISO_DATA at ${PORT-}"\n', { mode: 0o755 });
	check(me.run({}, 'server').out.endsWith(`siso up in ${me.dir}/tree/data at \n`), 'default');
	check(me.run({ SISO_DATA: '/srv/siso', PORT: '8081' }, 'server').out.endsWith('siso up in /srv/siso at 8081\n'), 'elsewhere');
});

test('neither root nor sudo: said with the way out', () => {
	const me = machine(['sudo']);
	const { status, out } = me.run();
	check(status !== 0 && out.includes('é preciso ser root') && out.includes('instale o sudo'), out);
	check(!me.calls().includes('apt-get'), me.calls());
});

test('no Debian: said, with the list of what to install', () => {
	const { status, out } = machine(['apt-get']).run();
	check(status !== 0 && out.includes('Debian 12') && out.includes('libpq-dev') && out.includes('postgresql-15'), out);
});

const says = [
	['no network, at the packages', { APT_SAYS: "Temporary failure resolving 'deb.debian.org'" }, ['sem rede', 'o que já foi feito fica', 'apt-get install']],
	['a full disk, at the packages', { APT_SAYS: "E: You don't have enough free space in /var/cache/apt/archives/." }, ['disco cheio', 'Libere espaço']],
	['packages that do not install', { APT_SAYS: 'E: Unable to correct problems, you have held broken packages.' }, ['held broken packages', 'apt.log']],
	['no network, at npm', { NPM_SAYS: 'npm ERR! code EAI_AGAIN' }, ['sem rede', 'npm', 'rode de novo']],
	['a full disk, at npm', { NPM_SAYS: 'npm ERR! code ENOSPC' }, ['disco cheio', 'Libere espaço']],
	['a full disk, at the compiler', { NINJA_SAYS: 'fatal error: error writing to x.s: No space left on device' }, ['disco cheio', 'Libere espaço']],
	['a program that does not compile', { NINJA_SAYS: 'src/main.c:1:1: error: unknown type name' }, ['unknown type name', 'ninja.log']],
];
for (const [name, env, words] of says)
	test(`${name}: said with the way out, and the next run goes on from there`, () => {
		const me = machine();
		const { status, out } = me.run(env);
		check(status !== 0, `status ${status}\n${out}`);
		for (const word of words) check(out.includes(word), `no "${word}" in\n${out}`);
		const again = me.run();
		check(again.status === 0, again.out);
		check(/^ninja /m.test(me.calls()), me.calls());
	});

let passed = 0, failed = 0;
for (const { name, run } of tests) {
	try {
		run();
		passed++;
	} catch (error) {
		console.log(`FAILED ${name}\n${error.message}`);
		failed++;
	}
}
fs.rmSync(base, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
