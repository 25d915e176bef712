// Turns the Redis scripts of the installed npm package bullmq into a C header at build time, so that
// nothing of BullMQ is kept in the repository. Every script is pinned by its SHA-256 in scripts.pin: a
// changed one stops the build until somebody has read its KEYS and ARGV again and re-pinned it.
//   node scripts.mjs OUT.h          write the header; exit 3 when a script differs from its pin
//   node scripts.mjs --pin          write scripts.pin from what is installed
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED = ['addStandardJob', 'addDelayedJob', 'addPrioritizedJob', 'moveToActive', 'moveToFinished',
  'moveToDelayed', 'extendLocks', 'moveStalledJobsToWait'];

const here = dirname(fileURLToPath(import.meta.url));
const packageDir = join(here, 'node_modules', 'bullmq');
const pinFile = join(here, 'scripts.pin');
const digest = (algorithm, text) => createHash(algorithm).update(text).digest('hex');

function stop(code, message) {
  console.error(message);
  process.exit(code);
}

function readScripts() {
  const require = createRequire(import.meta.url);
  const dir = join(packageDir, 'dist', 'cjs', 'scripts');
  const found = new Map();
  for (const file of readdirSync(dir)) {
    const [, name, keys] = /^([A-Za-z0-9]+)-(\d+)\.js$/.exec(file) ?? [];
    if (!WANTED.includes(name)) continue;
    const script = require(join(dir, file))[name];
    if (script?.keys !== Number(keys) || typeof script.content !== 'string')
      stop(3, `${file} of bullmq has another shape than we know`);
    found.set(name, script);
  }
  for (const name of WANTED)
    if (!found.has(name)) stop(3, `bullmq no longer has the script ${name}`);
  return found;
}

// One C string literal a line; "??" could begin a trigraph.
function literal(text) {
  const lines = text.split(/(?<=\n)/);
  return lines.map(line => '\t  ' + JSON.stringify(line).replace(/\?\?/g, '?\\?')).join('\n');
}

function header(version, scripts) {
  const list = WANTED.map(name => ({ name, ...scripts.get(name) }));
  return `/* Made from the npm package bullmq ${version}, MIT, (c) BullForce Labs AB and contributors. */
#ifndef QUEUE_BULLMQ_SCRIPTS_H
#define QUEUE_BULLMQ_SCRIPTS_H

#define BULLMQ_VERSION "${version}"

enum BullScriptName {
${list.map(s => `\tBULL_${s.name},`).join('\n')}
\tBULL_SCRIPT_COUNT
};

enum {
${list.map(s => `\tBULL_KEYS_${s.name} = ${s.keys},`).join('\n')}
};

typedef struct BullScript {
\tint keys;
\tconst char *sha1; /* of the very bytes that Node sends: one entry in Redis' script cache for both */
\tconst char *text;
} BullScript;

#ifdef BULL_SCRIPTS_DEFINE
static const BullScript bull_scripts[BULL_SCRIPT_COUNT] = {
${list.map(s => `\t{ ${s.keys}, "${digest('sha1', s.content)}",\n${literal(s.content)} },`).join('\n')}
};
#endif

#endif
`;
}

let version, scripts;
try {
  version = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')).version;
  scripts = readScripts();
} catch (error) {
  stop(2, `bullmq is not installed (${error.code ?? error.message}): run script/bootstrap`);
}
const pins = Object.fromEntries(WANTED.map(name => [name, digest('sha256', scripts.get(name).content)]));

if (process.argv[2] === '--pin') {
  writeFileSync(pinFile, JSON.stringify({ bullmq: version, sha256: pins }, null, '\t') + '\n');
} else {
  const pinned = JSON.parse(readFileSync(pinFile, 'utf8'));
  const changed = WANTED.filter(name => pinned.sha256[name] !== pins[name]);
  if (changed.length)
    stop(3, `these scripts of bullmq ${version} differ from those reviewed in ${pinned.bullmq}: ` +
      `${changed.join(', ')}. Read their KEYS and ARGV again, adapt bullmq.c, then run scripts.mjs --pin`);
  writeFileSync(process.argv[2], header(version, scripts));
}
