// Builds everything the browser is given: styles, scripts, icons, fonts and drawings.
//
//   node build.mjs --out DIR [--c FILE] [--dep FILE --target NAME]
//
// Writes DIR/<name>.<hash>.<ext> with .br and .gz beside it, a C table of the names (--c), and a
// depfile for ninja (--dep). Names carry a hash of the content, so nginx may say "immutable". A file
// that is already there is not compressed again. Takes about two seconds; needs `npm ci` first.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import zlib from 'node:zlib';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);
const { values: opt } = parseArgs({
	options: {
		out: { type: 'string' },
		c: { type: 'string' },
		dep: { type: 'string' },
		target: { type: 'string' },
	},
});

class BuildError extends Error {}

function fail(message) {
	throw new BuildError(message);
}

async function find(dir, wanted, ret = { files: [], dirs: [] }) {
	ret.dirs.push(dir);
	for (const entry of await readdir(dir, { withFileTypes: true })) {
		const full = path.join(dir, entry.name);
		if (entry.isDirectory() && entry.name !== 'node_modules') await find(full, wanted, ret);
		else if (entry.isFile() && wanted(full)) ret.files.push(full);
	}
	return ret;
}

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);

// name -> file name with the hash of its content
const made = new Map();

async function put(name, bytes) {
	const dot = name.lastIndexOf('.');
	const hashed = `${name.slice(0, dot)}.${hashOf(bytes)}${name.slice(dot)}`;
	const file = path.join(opt.out, hashed);
	made.set(name, hashed);
	if (existsSync(file) && (name.endsWith('.woff2') || existsSync(`${file}.br`))) return hashed;
	if (!name.endsWith('.woff2')) {
		const [br, gz] = await Promise.all([
			promisify(zlib.brotliCompress)(bytes, {
				params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
			}),
			promisify(zlib.gzip)(bytes, { level: 9 }),
		]);
		await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
	}
	await writeFile(file, bytes);
	return hashed;
}

// Page scripts are js/*.js; what stands in js/lib is imported by them.
async function scripts() {
	const { build } = await import('esbuild');
	const dir = path.join(here, 'js');
	const names = (await readdir(dir)).filter((name) => name.endsWith('.js'));
	const result = await build({
		entryPoints: names.map((name) => path.join(dir, name)),
		bundle: true,
		minify: true,
		format: 'iife',
		target: ['es2022', 'chrome111', 'firefox128', 'safari16.4'],
		legalComments: 'none',
		outdir: path.join(opt.out, 'js'),
		write: false,
		logLevel: 'warning',
	});
	await Promise.all(
		result.outputFiles.map((file) => put(path.basename(file.path), Buffer.from(file.contents))),
	);
}

async function fonts() {
	const dir = path.join(here, 'node_modules/@fontsource-variable/inter/files');
	const [latin, ext] = await Promise.all([
		readFile(path.join(dir, 'inter-latin-opsz-normal.woff2')),
		readFile(path.join(dir, 'inter-latin-ext-opsz-normal.woff2')),
	]);
	return Promise.all([put('inter.woff2', latin), put('inter-ext.woff2', ext)]);
}

function run(command, args) {
	return new Promise((resolve, reject) => {
		const child = spawn(command, args, { cwd: here, stdio: ['ignore', 'ignore', 'pipe'] });
		let said = '';
		child.stderr.on('data', (chunk) => (said += chunk));
		child.on('error', reject);
		child.on('close', (code) =>
			code === 0 ? resolve() : reject(new BuildError(`${path.basename(command)}:\n${said}`)),
		);
	});
}

async function styles(fontsDone) {
	const raw = path.join(opt.out, `.app-${process.pid}.css`);
	const tailwind = path.join(here, 'node_modules/.bin/tailwindcss');
	await run(tailwind, ['-i', path.join(here, 'css/app.css'), '-o', raw, '--minify']);
	let css = await readFile(raw, 'utf8');
	await rm(raw);
	await fontsDone;
	css = css.replace(/url\(["']?asset:([\w.-]+)["']?\)/g, (_, name) => {
		if (!made.has(name)) fail(`css names an asset that is not built: ${name}`);
		return `url(${made.get(name)})`;
	});
	await put('app.css', Buffer.from(css));
}

// The icons of icons.txt as one file of symbols; a page draws one with <use href="…#name">.
async function icons() {
	const dir = path.join(here, 'node_modules/lucide-static/icons');
	const own = path.join(here, 'art/icons');
	const text = await readFile(path.join(here, 'icons.txt'), 'utf8');
	const names = [...new Set(text.split(/\s*(?:#.*)?\n/).flatMap((line) => line.split(/\s+/)))]
		.filter(Boolean)
		.sort((a, b) => (a < b ? -1 : 1));
	const symbols = await Promise.all(
		names.map(async (name) => {
			const file = [own, dir].map((d) => path.join(d, `${name}.svg`)).find(existsSync);
			if (!file) fail(`icons.txt: lucide has no icon "${name}"`);
			const svg = (await readFile(file, 'utf8')).replace(/<!--[\s\S]*?-->/g, '');
			const inner = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s*\n\s*/g, '');
			return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
		}),
	);
	await put(
		'icons.svg',
		Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`),
	);
	return names;
}

async function drawings() {
	const { rings } = await import('./art/rings.mjs');
	await Promise.all([
		put('art.svg', Buffer.from(rings())),
		readFile(path.join(here, 'art/favicon.svg')).then((svg) => put('favicon.svg', svg)),
	]);
}

// Icons and scripts named by templates must be there: otherwise the first reader would find out.
async function checkTemplates(files, names) {
	const known = new Set(names);
	for (const file of files) {
		const text = await readFile(file, 'utf8');
		for (const [, name] of text.matchAll(/ui_icon(?:_as)?\("([^"]+)"/g))
			if (!known.has(name)) fail(`${path.relative(root, file)}: icon "${name}" is not in web/icons.txt`);
		for (const [, name] of text.matchAll(/(?:\.script = |asset\()"([^"]+)"/g))
			if (!made.has(name)) fail(`${path.relative(root, file)}: the web build makes no "${name}"`);
	}
}

function cTable(names) {
	const row = (list) => list.map(([a, b]) => `\t{ "${a}", "${b}" },`).join('\n');
	const byName = (a, b) => (a[0] < b[0] ? -1 : 1);
	const files = [...made].map(([name, file]) => [name, `/static/${file}`]).sort(byName);
	const sprite = `/static/${made.get('icons.svg')}`;
	return `/* Generated by web/build.mjs. */
#include "platform/ui/asset_table.h"

const AssetRow asset_file[] = {
${row(files)}
};
const size_t asset_file_count = ${files.length};

const AssetRow asset_icon_row[] = {
${row(names.map((name) => [name, `${sprite}#${name}`]))}
};
const AssetRow asset_art_row[] = {
${row([['rings', `/static/${made.get('art.svg')}#rings`]])}
};
const size_t asset_art_count = 1;

const char *const asset_icon_name[] = {
${names.map((name) => `\t"${name}",`).join('\n')}
};
const size_t asset_icon_count = ${names.length};
`;
}

async function writeIfNew(file, text) {
	if (existsSync(file) && (await readFile(file, 'utf8')) === text) return;
	await writeFile(file, text);
}

// Pages opened before this build may still ask for the files of the last one.
async function sweep() {
	const keep = new Set(made.values());
	const weekAgo = Date.now() - 7 * 86400e3;
	for (const name of await readdir(opt.out)) {
		const file = path.join(opt.out, name);
		if (keep.has(name.replace(/\.(br|gz)$/, ''))) continue;
		if ((await stat(file)).mtimeMs < weekAgo) await rm(file);
	}
}

async function main() {
	if (!opt.out) fail('usage: node build.mjs --out DIR [--c FILE] [--dep FILE --target NAME]');
	if (!existsSync(path.join(here, 'node_modules/@tailwindcss/cli')))
		fail('web/node_modules is missing. Run script/bootstrap, or `npm ci` in web/.');
	opt.out = path.resolve(opt.out);
	await mkdir(opt.out, { recursive: true });

	const templates = await find(path.join(root, 'src'), (f) => /\/html\/[^/]+\.html$/.test(f));
	const fontsDone = fonts();
	const [names] = await Promise.all([icons(), scripts(), drawings(), styles(fontsDone)]);
	await checkTemplates(templates.files, names);
	await sweep();

	if (opt.c) await writeIfNew(path.resolve(opt.c), cTable(names));
	if (opt.dep) {
		const web = await find(here, (f) => /\.(css|js|mjs|svg|txt|json)$/.test(f));
		const dirs = [...templates.dirs.filter((d) => /\/(html|modules)$/.test(d)), ...web.dirs];
		const deps = [...templates.files, ...web.files, ...dirs];
		await writeFile(path.resolve(opt.dep), `${opt.target}: ${deps.join(' ')}\n`);
	}
}

main().catch((error) => {
	process.stderr.write(`web: ${error instanceof BuildError ? error.message : error.stack}\n`);
	process.exit(1);
});
