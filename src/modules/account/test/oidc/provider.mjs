// A real OpenID Connect provider on the loopback for oidc_test.c. Whoever comes is signed in at once as the
// account that GET /as?sub=…&email=…&verified=…&name=… chose last. Prints "READY <port>" when it listens and
// ends when its standard input does. Arguments: "claims-in-token" or "", where clients come back to.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [claims, callback = 'https://a.test/login/oidc/callback'] = process.argv.slice(2);
const claimsInToken = claims === 'claims-in-token';
let account = { sub: 'nobody' };

const keys = [
  { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'r1' },
  { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'e1' },
];

const client = (id, more) => ({
  client_id: id,
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [callback],
  ...more,
});

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      client('siso-rs', { client_secret: 'segredo/+%&:', token_endpoint_auth_method: 'client_secret_basic' }),
      client('siso-es', { id_token_signed_response_alg: 'ES256', client_secret: 'segredo',
        token_endpoint_auth_method: 'client_secret_basic' }),
      client('siso-public', { token_endpoint_auth_method: 'none' }),
    ],
    jwks: { keys },
    cookies: { keys: ['test'] },
    pkce: { required: () => true },
    conformIdTokenClaims: !claimsInToken,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => account }),
  });
  const answer = provider.callback();

  server.on('request', async (request, response) => {
    const url = new URL(request.url, issuer);
    try {
      if (url.pathname === '/as') {
        account = { sub: url.searchParams.get('sub'), email: url.searchParams.get('email') ?? undefined,
          email_verified: url.searchParams.get('verified') === '1', name: 'Pessoa do Provedor' };
        response.end('ok');
      } else if (url.pathname.startsWith('/interaction/')) {
        const details = await provider.interactionDetails(request, response);
        const grant = new provider.Grant({ accountId: account.sub, clientId: details.params.client_id });
        grant.addOIDCScope(details.params.scope);
        await provider.interactionFinished(request, response,
          { login: { accountId: account.sub }, consent: { grantId: await grant.save() } });
      } else {
        await answer(request, response);
      }
    } catch (error) {
      response.statusCode = 500;
      response.end(String(error));
    }
  });
  console.log(`READY ${server.address().port}`);
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
