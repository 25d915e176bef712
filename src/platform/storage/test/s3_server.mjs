// A tiny S3 service for tests: keeps objects in memory and verifies Signature V4 by its own reading of
// the description. Prints its port. Buckets with a mood: "busy" answers 503, "cut" breaks off a GET.
import { createHash, createHmac } from 'node:crypto'
import { createServer } from 'node:http'

const secrets = { TESTKEY: 'TESTSECRET' }
const objects = new Map()
const sha256 = (data) => createHash('sha256').update(data).digest('hex')
const hmac = (key, data) => createHmac('sha256', key).update(data).digest()
const encode = (text) =>
	encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())

// What the client should have signed; an Error says what is wrong with the request.
function verify(request, url, body) {
	const given = new Map(url.searchParams)
	const inUrl = given.has('X-Amz-Signature')
	let credential, names, signature, date, payload
	if (inUrl) {
		credential = given.get('X-Amz-Credential')
		names = given.get('X-Amz-SignedHeaders')
		signature = given.get('X-Amz-Signature')
		date = given.get('X-Amz-Date')
		payload = 'UNSIGNED-PAYLOAD'
		given.delete('X-Amz-Signature')
	} else {
		const match = /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/
			.exec(request.headers.authorization ?? '')
		if (!match) throw new Error('no authorization')
		;[, credential, names, signature] = match
		date = request.headers['x-amz-date']
		payload = request.headers['x-amz-content-sha256']
		if (payload !== sha256(body)) throw new Error('payload hash differs')
	}
	const [id, day, region, service, terminator] = credential.split('/')
	const when = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
	const age = Math.abs(Date.now() - when) / 1000
	if (!(age < (inUrl ? Number(given.get('X-Amz-Expires')) : 900))) throw new Error('too old')
	if (day !== date.slice(0, 8) || region !== 'sa-east-1' || service !== 's3' || terminator !== 'aws4_request')
		throw new Error('wrong scope')
	if (!names.split(';').includes('host')) throw new Error('host is not signed')
	const canonical = [
		request.method,
		url.pathname.split('/').map((part) => encode(decodeURIComponent(part))).join('/'),
		[...given].map(([k, v]) => `${encode(k)}=${encode(v)}`).sort().join('&'),
		...names.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}`),
		'',
		names,
		payload,
	].join('\n')
	const text = ['AWS4-HMAC-SHA256', date, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n')
	const key = [day, region, 's3', 'aws4_request'].reduce(hmac, 'AWS4' + secrets[id])
	if (hmac(key, text).toString('hex') !== signature) throw new Error('signature differs')
}

function answer(request, response, url, body) {
	const path = url.pathname
	if (path.startsWith('/busy/')) return response.writeHead(503).end('<Error>SlowDown</Error>')
	try {
		verify(request, url, body)
	} catch (error) {
		return response.writeHead(403, { 'x-why': error.message }).end(`<Error>${error.message}</Error>`)
	}
	const object = objects.get(path)
	if (request.method === 'PUT') {
		objects.set(path, { body, type: request.headers['content-type'] })
		return response.writeHead(200).end()
	}
	if (request.method === 'DELETE') {
		objects.delete(path)
		return response.writeHead(204).end()
	}
	if (!object) return response.writeHead(404).end('<Error>NoSuchKey</Error>')
	response.writeHead(200, { 'content-type': object.type, 'content-length': object.body.length })
	if (path.startsWith('/cut/') && request.method === 'GET') {
		response.write(object.body.subarray(0, 10))
		return setTimeout(() => request.socket.destroy(), 50)
	}
	response.end(request.method === 'HEAD' ? undefined : object.body)
}

const server = createServer((request, response) => {
	const parts = []
	request.on('data', (part) => parts.push(part))
	request.on('end', () => answer(request, response, new URL(request.url, 'http://x'), Buffer.concat(parts)))
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit()) // goes with the test
