// Interop and crash tests: the real BullMQ client and Bull Board beside our worker on one Redis, and what
// happens when anything is killed. Arguments: the program `try`. Needs SISO_TEST_SOCKET (test/cluster.sh),
// redis-server, psql and the packages in ../bullmq.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRY = process.argv[2];
const require = createRequire(fileURLToPath(new URL('../bullmq/package.json', import.meta.url)));
const { Queue, Worker, QueueEvents } = require('bullmq');
const IORedis = require('ioredis');

const folder = mkdtempSync(join(tmpdir(), 'siso-interop-'));
const socket = join(folder, 's');
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const running = new Set();
let passed = 0, failed = 0;

function check(condition, what) {
  condition ? passed++ : failed++;
  console.log(`${condition ? 'ok  ' : 'FAIL'} ${what}`);
}

async function until(ask, ms = 15000) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await ask()) return true;
    await sleep(50);
  }
  return false;
}

// ---- PostgreSQL, Redis and our programs ----

function sql(text) {
  return execFileSync('psql', ['-XAtq', '-h', process.env.SISO_TEST_SOCKET, '-U', 'siso_queue', '-d', 'siso_test',
    '-c', text]).toString().trim();
}
const count = where => Number(sql(`select count(*) from siso.outbox where ${where}`));
const allDone = () => until(() => count("name <> 'try.mark' and state <> 'done'") === 0);
const marks = () => count("name = 'try.mark'");

let redis;
function startRedis(...more) {
  redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '',
    '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', ...more],
  { stdio: 'ignore' });
  return until(() => {
    try { return execFileSync('redis-cli', ['-s', socket, 'ping'], { stdio: 'pipe' }).toString() === 'PONG\n'; } catch { return false; }
  });
}
function killRedis() {
  return new Promise(resolve => { redis.on('exit', resolve); redis.kill('SIGKILL'); });
}
function redisCli(...words) {
  return execFileSync('redis-cli', ['-s', socket, ...words]).toString().trim();
}

const environment = { ...process.env, TRY_REDIS: socket };
const run = (...words) => execFileSync(TRY, words, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] }).toString().trim();
function start(command, settings = {}) {
  const child = spawn(TRY, [command], { env: { ...environment, ...settings } });
  child.out = child.err = '';
  child.stdout.on('data', data => { child.out += data; });
  child.stderr.on('data', data => { child.err += data; });
  child.gone = new Promise(resolve => child.on('exit', resolve));
  child.gone.then(() => {
    running.delete(child);
    if (/Sanitizer|runtime error/.test(child.err)) { console.log(child.err); check(false, 'sanitizers are silent'); }
  });
  running.add(child);
  return child;
}
async function stop(child, signal = 'SIGTERM') {
  child.kill(signal);
  return child.gone;
}
const says = (child, text) => until(() => child.out.includes(text));

// A fresh Redis and outbox for each part.
const clients = [];
const connection = () => {
  const client = new IORedis(socket, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  clients.push(client);
  return client;
};
async function fresh() {
  redisCli('FLUSHALL');
  sql('delete from siso.outbox');
  const queue = new Queue('try', { connection: connection() });
  queue.on('error', () => {});
  await queue.waitUntilReady();
  return queue;
}
// A row that Redis is told of by somebody else than our relay.
function plantedRow(name) {
  return sql(`insert into siso.outbox (company_id, name, relayed_at) values (1, '${name}', now() + interval '1 hour')
    returning id`);
}

// ---- the parts ----

async function nodeReadsWhatWeAdd() {
  const queue = await fresh();
  const relay = start('relay');
  const id = run('add', 'try.effect', '1'), later = run('add', 'try.effect', '1', '60'),
    low = run('add', 'try.effect', '1', '0', '7');
  check(await until(() => count('relayed_at is null') === 0), 'the relay gave all rows to Redis');
  const job = await queue.getJob(`job-${id}`);
  check(job?.name === 'try.effect' && JSON.stringify(job.data) === `{"id":${id}}`, 'Node reads name and data, the id alone');
  check(job.opts.removeOnComplete.age === 86400 && job.opts.removeOnFail.count === 10000 && job.opts.attempts === 1,
    'Node reads the options');
  check(await job.getState() === 'waiting', 'Node sees it waiting');
  const delayed = await queue.getJob(`job-${later}`);
  check(await delayed.getState() === 'delayed' && Math.abs(delayed.delay - 60000) < 5000, 'Node sees the later one delayed');
  check(await (await queue.getJob(`job-${low}`)).getState() === 'prioritized', 'Node sees the low one prioritized');
  await queue.add('again', { id: 0 }, { jobId: `job-${id}` });
  check((await queue.getJob(`job-${id}`)).name === 'try.effect', 'an id that is there is not added again by Node');
  check((await queue.getMeta()).version === 'bullmq:6.7.0', 'the version stands in meta');
  await stop(relay);

  const events = new QueueEvents('try', { connection: connection() });
  await events.waitUntilReady();
  const completed = [], order = [];
  events.on('completed', event => completed.push(event.jobId));
  const worker = new Worker('try', async job => { order.push(job.data.id); return 'node'; }, { connection: connection() });
  check(await until(() => completed.length === 2), 'a Node worker runs what we added, with events');
  check(order[0] === Number(id) && order[1] === Number(low), 'the low priority ran last');
  await worker.close(); await events.close(); await queue.close();
}

async function weRunWhatNodeAdds() {
  const queue = await fresh();
  const worker = start('work');
  check(await until(async () => (await queue.getWorkers()).some(w => /:w:siso/.test(w.rawname ?? w.name))), 'getWorkers lists ours');
  const id = plantedRow('try.effect'), job = await queue.add('try.effect', { id: Number(id) });
  check(await until(async () => await job.getState() === 'completed'), 'our worker runs a job added by Node');
  const seen = await queue.getJob(job.id);
  check(seen.attemptsMade === 1 && seen.processedBy === 'siso' && seen.returnvalue === null, 'attempts, worker and value are as Node writes them');
  check(count(`id = ${id} and state = 'done'`) === 1, 'and its row is done');

  const later = plantedRow('try.effect'), asked = Date.now();
  const delayed = await queue.add('try.effect', { id: Number(later) }, { delay: 800 });
  check(await until(async () => await delayed.getState() === 'completed'), 'a job delayed by Node is promoted by ours');
  const waited = (await queue.getJob(delayed.id)).processedOn - asked;
  check(waited >= 790 && waited < 2500, `after ${waited} ms, asked 800`);

  const stranger = await queue.add('stranger', { hello: 1 });
  check(await until(async () => await stranger.getState() === 'failed'), 'a job that names no row is failed');
  await queue.pause();
  const paused = await queue.add('try.effect', { id: Number(plantedRow('try.effect')) });
  await sleep(700);
  check(['waiting', 'paused'].includes(await paused.getState()), 'pause is respected');
  await queue.resume();
  check(await until(async () => await paused.getState() === 'completed'), 'resume is noticed');

  const latency = [];
  for (let i = 0; i < 30; i++) {
    const one = await queue.add('try.effect', { id: Number(plantedRow('try.effect')) });
    await until(async () => (await queue.getJob(one.id)).finishedOn, 3000);
    const { processedOn, timestamp } = await queue.getJob(one.id);
    latency.push(processedOn - timestamp);
  }
  latency.sort((a, b) => a - b);
  console.log(`     idle wake-up: median ${latency[15]} ms, worst ${latency[29]} ms`);
  check(latency[15] < 50, 'an idle worker wakes at once');
  check(await stop(worker) === 0, 'our worker stops cleanly');
  await queue.close();
}

async function limitsSetByNode() {
  const queue = await fresh();
  for (let i = 0; i < 10; i++) await queue.add('try.effect', { id: Number(plantedRow('try.effect')) });
  await queue.setGlobalRateLimit(3, 500);
  const began = Date.now(), worker = start('work');
  check(await until(async () => (await queue.getJobCounts('completed')).completed === 10), 'ten jobs under a rate limit');
  check(Date.now() - began >= 1400, `took ${Date.now() - began} ms at 3 per 500 ms`);
  await stop(worker);
  await queue.removeGlobalRateLimit();
  await queue.setGlobalConcurrency(1);
  for (let i = 0; i < 4; i++) await queue.add('try.short', { id: Number(plantedRow('try.short')) });
  const three = start('work', { TRY_THREADS: '3' });
  let most = 0;
  await until(async () => {
    most = Math.max(most, (await queue.getJobCounts('active')).active);
    return (await queue.getJobCounts('completed')).completed === 14;
  });
  check(most === 1, 'global concurrency 1 holds for three threads');
  await stop(three); await queue.close();
}

async function failuresAndBullBoard() {
  const queue = await fresh();
  const worker = start('work');
  const id = run('add', 'try.fail', '1');
  run('add', 'try.effect', '3');
  check(await until(() => count("state = 'failed'") === 1), 'a failing job ends as failed');
  check(await until(async () => (await queue.getFailedCount()) === 1), 'in Redis too');
  const job = await queue.getJob(`job-${id}`);
  check(job.failedReason === 'unavailable' && job.stacktrace.length === 1, `with its reason: ${job.failedReason}`);
  check(job.attemptsMade === 2, `and attempts: ${job.attemptsMade}`);
  await until(async () => (await queue.getCompletedCount()) === 3);

  const { createBullBoard } = require('@bull-board/api');
  const { BullMQAdapter } = require('@bull-board/api/bullMQAdapter');
  let routes;
  const server = { setQueues(q) { this.queues = q; return this; }, setApiRoutes(r) { routes = r; return this; } };
  for (const name of ['setViewsPath', 'setStaticPath', 'setEntryRoute', 'setErrorHandler', 'setUIConfig'])
    server[name] = function () { return this; };
  createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: server });
  const route = path => routes.find(r => [r.route].flat().some(p => p.endsWith(path)));
  const request = more => ({ queues: server.queues, query: {}, params: {}, body: {}, ...more });
  const { body } = await route('/api/queues').handler(request({ query: { activeQueue: 'try', status: 'failed', page: '1', jobsPerPage: '10' } }));
  const shown = body.queues.find(q => q.name === 'try');
  check(shown?.counts.failed === 1 && shown.counts.completed === 3, 'Bull Board counts our jobs');
  check(shown.jobs[0]?.failedReason === 'unavailable', 'Bull Board shows the failed one');
  await route('/:jobId/retry').handler(request({ params: { queueName: 'try', jobId: `job-${id}` } }));
  check(await until(() => Number(sql(`select claims from siso.outbox where id = ${id}`)) > 2), "Bull Board's retry button runs the row again");
  check(await until(() => count(`id = ${id} and state = 'failed'`) === 1), 'which fails again, and is failed again');
  await stop(worker); await queue.close();
}

async function longJobsKeepTheirLock() {
  const queue = await fresh();
  const worker = start('work', { TRY_LOCK_MS: '1000', TRY_STALLED_MS: '600', TRY_LEASE_S: '2' });
  const node = new Worker('try', async () => 'node', { connection: connection(), stalledInterval: 600, lockDuration: 1000, autorun: false });
  await node.startStalledCheckTimer();
  const id = run('add', 'try.slow', '1');
  check(await allDone(), 'a job of 4 s under a lock of 1 s is done');
  const job = await queue.getJob(`job-${id}`);
  check(job.attemptsStarted === 1 && !job.stalledCounter, 'started once, never stalled');
  check(marks() === 1 && Number(sql(`select claims from siso.outbox where id = ${id}`)) === 1, 'claimed once');
  await node.close(); await stop(worker); await queue.close();
}

async function killedAndFrozenWorkers() {
  const queue = await fresh();
  const victim = start('work', { TRY_THREADS: '1' });
  run('add', 'try.slow', '1');
  await says(victim, 'run slow');
  await stop(victim, 'SIGKILL');
  let began = Date.now();
  const heir = start('work', { TRY_THREADS: '1' });
  check(await allDone(), `kill -9 in mid-job: another worker finished it after ${Date.now() - began} ms`);
  check(marks() === 1, 'its effect is there once');
  await stop(heir);

  await fresh();
  const frozen = start('work', { TRY_THREADS: '1' });
  run('add', 'try.short', '1');
  await says(frozen, 'run short');
  frozen.kill('SIGSTOP');
  const other = start('work', { TRY_THREADS: '1' });
  check(await allDone(), 'a frozen worker: another finished its job');
  frozen.kill('SIGCONT');
  await says(frozen, 'end short');
  await sleep(700);
  check(marks() === 1, 'what the frozen one did afterwards was taken back');
  check(/"outcome":"lost"/.test(frozen.err), 'and it knows that it lost the row');
  await stop(frozen); await stop(other);

  await fresh();
  const id = plantedRow('try.effect');
  const child = spawn(process.execPath, ['-e', `const {Worker} = require('bullmq'), Redis = require('ioredis');
    new Worker('try', async () => { console.log('run'); await new Promise(() => setInterval(() => {}, 1000)); },
      { connection: new Redis('${socket}', { maxRetriesPerRequest: null }), lockDuration: 1500, stalledInterval: 1000 })`],
  { cwd: fileURLToPath(new URL('../bullmq', import.meta.url)) });
  child.out = '';
  child.stdout.on('data', data => { child.out += data; });
  await queue.add('try.effect', { id: Number(id) });
  await says(child, 'run');
  child.kill('SIGKILL');
  began = Date.now();
  const ours = start('work');
  check(await allDone(), `kill -9 of a Node worker in mid-job: ours finished it after ${Date.now() - began} ms`);
  await stop(ours); await queue.close();
}

async function redisLosesEverything() {
  const queue = await fresh();
  const relay = start('relay');
  run('add', 'try.effect', '20', '3');
  run('add', 'try.effect', '20');
  await until(() => count('relayed_at is null') === 0);
  await stop(relay);
  redisCli('FLUSHALL');
  const worker = start('work', { TRY_THREADS: '4' });
  check(await allDone(), 'FLUSHALL: waiting and delayed rows all ran');
  check(marks() === 40, `their effects are there once: ${marks()}`);
  await stop(worker); await queue.close();
}

async function redisDiesAndReturns() {
  const queue = await fresh();
  const worker = start('work');
  run('add', 'try.effect', '1');
  await allDone();
  await killRedis();
  run('add', 'try.effect', '5');
  check(await allDone(), 'Redis killed: jobs run from PostgreSQL');
  await startRedis();
  await until(() => /redis is back/.test(worker.err));
  run('add', 'try.short', '1');
  await says(worker, 'run short');
  await killRedis();
  await startRedis();
  check(await allDone(), 'Redis restarted in mid-job: the job is done');
  await until(() => (worker.err.match(/redis is back/g) ?? []).length >= 2);
  run('add', 'try.effect', '5');
  check(await allDone(), 'and work goes on');
  check(marks() === 12, `every effect once: ${marks()}`);
  await sleep(3000);
  check(marks() === 12 && count("name <> 'try.mark' and claims <> 1") === 0, 'nothing ran twice afterwards');
  await stop(worker); await queue.close();
}

async function relayDiesHalfWay() {
  const queue = await fresh();
  run('add', 'try.effect', '50');
  check(run('half-relay') === '50', 'a relay told Redis of 50 rows and died before noting it');
  check(count('relayed_at is null') === 50, 'PostgreSQL knows nothing of it');
  const worker = start('work');
  check(await allDone(), 'all of them ran');
  check(marks() === 50, `once each: ${marks()}`);
  check((await queue.getJobCounts('completed')).completed === 50, 'the second telling was ignored by its ids');
  await stop(worker);

  await fresh();
  run('add', 'try.effect', '20');
  run('half-relay');
  // they are done before the relay tells again, and Redis keeps no trace of them
  sql("update siso.outbox set state = 'done', finished_at = now() where name = 'try.effect'");
  const second = start('work');
  await until(async () => (await queue.getJobCounts('completed')).completed === 20);
  check(marks() === 0, 'rows that are done do not run, whatever Redis says');
  await stop(second); await queue.close();
}

async function postgresDies() {
  const cluster = process.env.SISO_TEST_CLUSTER;
  if (!cluster) return;
  const queue = await fresh();
  const worker = start('work', { TRY_THREADS: '3' });
  run('add', 'try.short', '12');
  await says(worker, 'end short');
  const script = fileURLToPath(new URL('../../../../test/cluster.sh', import.meta.url));
  execFileSync(script, ['crash', cluster]);
  await sleep(1000);
  execFileSync(script, ['resume', cluster]);
  check(await allDone(), 'PostgreSQL killed in mid-work: all jobs are done after it is back');
  check(marks() === 12, `every effect once: ${marks()}`);
  await stop(worker); await queue.close();
}

// ---- all of it ----

try {
  run('prepare');
  await startRedis();
  for (const part of [nodeReadsWhatWeAdd, weRunWhatNodeAdds, limitsSetByNode, failuresAndBullBoard, longJobsKeepTheirLock,
    killedAndFrozenWorkers, redisLosesEverything, redisDiesAndReturns, relayDiesHalfWay, postgresDies]) {
    if (process.argv[3] && !part.name.includes(process.argv[3])) continue;
    console.log(`-- ${part.name}`);
    await part();
  }
} catch (error) {
  console.log(error);
  failed++;
} finally {
  for (const child of running) child.kill('SIGKILL');
  for (const client of clients) client.disconnect();
  redis?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
