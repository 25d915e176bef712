// Letters through a real SMTP server (npm smtp-server, of platform/queue/bullmq), read back by Python's
// e-mail parser. Argument: the program `try`.
import { execFileSync, spawnSync } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRY = process.argv[2];
const require = createRequire(fileURLToPath(new URL('../../queue/bullmq/package.json', import.meta.url)));
const { SMTPServer } = require('smtp-server');
const folder = mkdtempSync(join(tmpdir(), 'siso-smtp-'));
let passed = 0, failed = 0;

function check(condition, what) {
  condition ? passed++ : failed++;
  console.log(`${condition ? 'ok  ' : 'FAIL'} ${what}`);
}

// A certificate for localhost and the authority that signed it.
function makeCertificate() {
  const key = join(folder, 'key.pem'), certificate = join(folder, 'cert.pem');
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=mail.test',
    '-addext', 'subjectAltName=DNS:mail.test,DNS:localhost', '-keyout', key, '-out', certificate]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return { key, certificate };
}

function serve(options) {
  const server = new SMTPServer({ logger: false, disableReverseLookup: true, ...options,
    onData(stream, session, done) {
      const parts = [];
      stream.on('data', part => parts.push(part));
      stream.on('end', () => {
        server.letters.push({ raw: Buffer.concat(parts), secure: session.secure, user: session.user,
          from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(r => r.address) });
        options.answer ? done(options.answer()) : done();
      });
    } });
  server.letters = [];
  server.on('error', () => {});
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve({
    server, letters: server.letters, port: server.server.address().port, close: () => new Promise(r => server.close(r)),
  })));
}

// Not execFileSync: the server runs in this very process.
function send(url, { ca = '', to = 'ana@clinic.example', subject = 'Olá', name = '', text = 'texto', html = '' } = {}) {
  return new Promise(resolve => {
    const child = spawn(TRY, [url, ca, to, subject, name, text, html]);
    let out = '', err = '';
    child.stdout.on('data', data => { out += data; });
    child.stderr.on('data', data => { err += data; });
    child.on('exit', () => {
      if (/Sanitizer|runtime error/.test(err)) { console.log(err); check(false, 'sanitizers are silent'); }
      resolve(out.trim());
    });
  });
}

// What another program reads in the letter.
function parse(raw) {
  const file = join(folder, 'letter.eml');
  writeFileSync(file, raw);
  return JSON.parse(execFileSync('python3', ['-c', `
import email, email.policy, json, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
plain, html = m.get_body(('plain',)), m.get_body(('html',))
print(json.dumps({ 'subject': m['subject'], 'from': str(m['from']), 'to': str(m['to']), 'id': m['message-id'],
  'name': m['to'].addresses[0].display_name, 'address': m['to'].addresses[0].addr_spec,
  'sender': m['from'].addresses[0].display_name,
  'text': plain.get_content(), 'html': html.get_content() if html else None, 'defects': [str(d) for d in m.defects] }))
`, file]).toString());
}

try {
  const { key, certificate } = makeCertificate();
  const { readFileSync } = await import('node:fs');
  const tls = { key: readFileSync(key), cert: readFileSync(certificate) };

  const open = await serve({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'] });
  const text = 'Olá, João!\nUma linha = outra.\n.\n..dois pontos\n' + 'ç'.repeat(400) + '\nfim ';
  check(await send(`smtp://127.0.0.1:${open.port}`, { subject: 'Confirmação da avaliação de quinta-feira às 14h30, sala três — não se atrase',
    name: 'João "Zé" da Conceição', text, html: '<p>Olá, <b>João</b></p>' }) === 'delivered 250', 'a letter is delivered in the clear');
  const letter = open.letters[0], read = parse(letter.raw);
  check(letter.from === 'nao-responda@siso.example' && letter.to.join() === 'ana@clinic.example', 'the envelope is right');
  check(read.subject === 'Confirmação da avaliação de quinta-feira às 14h30, sala três — não se atrase', 'the subject is read back');
  check(read.name === 'João "Zé" da Conceição' && read.address === 'ana@clinic.example', 'the name is read back');
  check(read.sender === 'Clínica Ação, Ltda.', 'the sender too');
  check(read.text.replace(/\r\n/g, '\n') === text + '\n', 'the text is read back, dots and all');
  check(read.html.trim() === '<p>Olá, <b>João</b></p>', 'the HTML part is read back');
  check(read.id === '<AbCdEfGhIjKlMnOpQrSt@siso.example>' && read.defects.length === 0, 'the Message-ID is the fixed one, no defects');
  check(letter.raw.toString().split('\r\n').every(line => line.length <= 78), 'no line is longer than 78');
  check(await send(`smtp://127.0.0.1:${open.port}`) === 'delivered 250' && parse(open.letters[1].raw).html === null, 'text alone');
  await open.close();
  check((await send(`smtp://127.0.0.1:${open.port}`)).startsWith('later'), 'a server that is away: later');

  const starttls = await serve({ authOptional: true, ...tls });
  check(await send(`smtp://127.0.0.1:${starttls.port}`) === 'delivered 250' && starttls.letters[0].secure,
    'encryption is used where the server offers it, on this machine without asking for a certificate');
  await starttls.close();

  const auth = await serve({ ...tls, onAuth: (given, session, done) => given.username === 'siso' && given.password === 'a b@c'
    ? done(null, { user: 'siso' }) : done(new Error('no')) });
  check(await send(`smtp://siso:a%20b%40c@127.0.0.1:${auth.port}`) === 'delivered 250', 'user and password from the URL');
  check(auth.letters[0]?.user === 'siso' && auth.letters[0].secure, 'over an encrypted connection');
  check((await send(`smtp://siso:wrong@127.0.0.1:${auth.port}`)).startsWith('later'), 'a wrong password is ours to mend: later');
  await auth.close();

  const implicit = await serve({ secure: true, authOptional: true, ...tls });
  check(await send(`smtps://127.0.0.1:${implicit.port}`) === 'delivered 250', 'smtps');
  await implicit.close();

  const refusing = await serve({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo: (address, session, done) => done(Object.assign(new Error('no such user'), {
      responseCode: address.address.startsWith('full') ? 452 : 550 })) });
  check(await send(`smtp://127.0.0.1:${refusing.port}`) === 'refused 550', 'an unknown recipient is refused for good');
  check(await send(`smtp://127.0.0.1:${refusing.port}`, { to: 'full@clinic.example' }) === 'later 452', 'a full mailbox: later');
  await refusing.close();

  let code = 554;
  const content = await serve({ authOptional: true, disabledCommands: ['AUTH', 'STARTTLS'],
    answer: () => Object.assign(new Error('no'), { responseCode: code }) });
  check(await send(`smtp://127.0.0.1:${content.port}`) === 'refused 554', 'a letter that is not liked is refused for good');
  code = 451;
  check(await send(`smtp://127.0.0.1:${content.port}`) === 'later 451', 'a server in trouble: later');
  await content.close();
} catch (error) {
  console.log(error);
  failed++;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
