import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { remoteCacheServer } from '../../testing/remote-cache-server';
import { selfSignedCertificate } from '../../testing/self-signed-certificate';
import { checkRemoteCache } from './remote-cache';

const SERVER = 'NX_SELF_HOSTED_REMOTE_CACHE_SERVER';
const TOKEN = 'NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN';

const ends: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('a server that Nx can use', () => {
  test('keeps its variable, and nothing is said', async () => {
    const server = await remoteCacheServer({ token: 'right' });
    ends.push(server.close);
    const env = { [SERVER]: server.url, [TOKEN]: 'right' };
    expect(await checkRemoteCache(env)).toBeUndefined();
    expect(env[SERVER]).toBe(server.url);
    expect(server.requests).toEqual([expect.stringMatching(/^GET \d+ 404$/)]);
  });

  test('is not looked for where the variable is missing or empty', async () => {
    expect(await checkRemoteCache({})).toBeUndefined();
    expect(await checkRemoteCache({ [SERVER]: '' })).toBeUndefined();
  });

  test('may send every download elsewhere', async () => {
    const url = await http((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect(await checkRemoteCache({ [SERVER]: url })).toBeUndefined();
  });

  test('is not blamed while this process is busy', async () => {
    const url = await http((_, response) => setTimeout(() => response.writeHead(404).end(), 50));
    const asked = checkRemoteCache({ [SERVER]: url });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const end = performance.now() + 700;
    while (performance.now() < end);
    expect(await asked).toBeUndefined();
  });

  test('is asked through the proxy that Nx would take, and not where NO_PROXY names it', async () => {
    const asked: string[] = [];
    const proxy = await http(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers['proxy-authorization'] ?? '-'}`);
      response.writeHead(404).end();
    });
    const env = { HTTP_PROXY: proxy.replace('//', '//me:pw@'), [SERVER]: 'http://cache.invalid' };
    expect(await checkRemoteCache(env)).toBeUndefined();
    expect(asked).toEqual([
      expect.stringMatching(/^http:\/\/cache\.invalid\/v1\/cache\/\d+ Basic bWU6cHc=$/),
    ]);
    expect(await checkRemoteCache({ ...env, NO_PROXY: '.invalid' })).toMatch(/cannot be reached/);
    expect(asked).toHaveLength(1);
  });
});

describe('a server that Nx would fail on', () => {
  const refused = async (url: string, more: Record<string, string> = {}) => {
    const env: NodeJS.ProcessEnv = { [SERVER]: url, ...more };
    const said = await checkRemoteCache(env);
    expect(env[SERVER]).toBe('');
    expect(said).toMatch(/^the remote cache was not used, this run had its local cache only: /);
    expect(said).not.toContain('\n');
    return said;
  };

  test('because nothing listens', async () => {
    expect(await refused('http://127.0.0.1:1')).toMatch(
      /127\.0\.0\.1:1 cannot be reached \(connection refused\)/,
    );
  });

  test('because it never answers: within the limit', async () => {
    const url = await http(() => undefined);
    const started = performance.now();
    expect(await refused(url)).toMatch(
      /did not answer within 300 ms \(RUST_PLATFORM_REMOTE_CACHE_TIMEOUT_MS/,
    );
    expect(performance.now() - started).toBeLessThan(600);
    expect(await refused(url, { RUST_PLATFORM_REMOTE_CACHE_TIMEOUT_MS: '20' })).toContain('within 20 ms');
  });

  test('because it takes the connection and then says nothing', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined)));
    const limit = { RUST_PLATFORM_REMOTE_CACHE_TIMEOUT_MS: '30' };
    expect(await refused(`http://127.0.0.1:${port}`, limit)).toContain('did not answer');
    expect(await refused(`https://127.0.0.1:${port}`, limit)).toContain('did not answer');
    const proxy = { HTTPS_PROXY: await tunnel([]) };
    expect(await refused(`https://127.0.0.1:${port}`, { ...limit, ...proxy })).toContain('did not answer');
  });

  test('because it closes the connection', async () => {
    const url = await http(({ socket }) => void socket.destroy());
    expect(await refused(url)).toContain('it closed the connection');
  });

  test('because it is broken or something else', async () => {
    const url = await http((_, response) => response.writeHead(500).end());
    expect(await refused(url)).toContain('answered 500');
    expect(await refused('cache.example')).toContain(`${SERVER} is no http or https address`);
    expect(await refused(url.replace('http:', 'https:'))).toContain('does not speak TLS');
  });

  test('because of its token, which is never shown', async () => {
    const server = await remoteCacheServer({ token: 'right' });
    ends.push(server.close);
    expect(await refused(server.url)).toContain(`asks for a token: set ${TOKEN} (it answered 401)`);
    const said = await refused(server.url.replace('//', '//user:hidden@'), { [TOKEN]: 'wr0ng' });
    expect(said).toContain(`does not accept ${TOKEN}: set a valid one (it answered 401)`);
    expect(said).not.toMatch(/wr0ng|hidden/);
    const forbidding = await http((_, response) => response.writeHead(403).end());
    expect(await refused(forbidding, { [TOKEN]: 'wr0ng' })).toContain('(it answered 403)');
  });
});

test('a certificate that Node does not know is left to Nx, and gets no token', async () => {
  let requests = 0;
  const server = createTlsServer(await selfSignedCertificate(), (_, response) => {
    requests += 1;
    response.writeHead(401).end();
  });
  const env = { [SERVER]: `https://127.0.0.1:${await listen(server)}`, [TOKEN]: 'secret' };
  expect(await checkRemoteCache(env)).toBeUndefined();
  expect(requests).toBe(0);
  expect(env[SERVER]).toMatch(/^https/);
  // The same through a proxy's tunnel.
  const tunnels: string[] = [];
  const proxied = { ...env, HTTPS_PROXY: await tunnel(tunnels) };
  expect(await checkRemoteCache(proxied)).toBeUndefined();
  expect(tunnels).toEqual([new URL(env[SERVER]).host]);
});

/** A proxy for TLS; notes where it was asked to go. */
async function tunnel(asked: string[]): Promise<string> {
  const proxy = createServer().on('connect', ({ url = '' }, client) => {
    asked.push(url);
    const upstream = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  });
  return `127.0.0.1:${await listen(proxy)}`;
}

async function http(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

async function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
