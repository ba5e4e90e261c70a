import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findFreePort } from '../../process/ports';
import { probeAddress, probeHealth } from './health-probe';

let server: Server;
let port: number;
beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === '/hangs') return;
    const status = Number(request.url?.slice(1));
    response.writeHead(status, status === 302 ? { location: '/200' } : {}).end('body');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const probe = (path: string, host = '127.0.0.1') => probeHealth(port, { path, host });

it.each([200, 204])('%i is healthy', async (status) => {
  expect(await probe(`/${status}`)).toEqual({ ok: true, said: `answered ${status}` });
});

it.each([302, 404, 503])('%i is not', async (status) => {
  expect(await probe(`/${status}`)).toEqual({ ok: false, said: `answered ${status}` });
});

it('gives up after a second', async () => {
  const started = Date.now();
  expect(await probe('/hangs')).toEqual({ ok: false, said: 'no answer within 1000 ms' });
  expect(Date.now() - started).toBeLessThan(10_000);
});

it('says why nobody answered', async () => {
  const nobody = await findFreePort();
  expect(await probeHealth(nobody, { path: '/', host: '0.0.0.0' })).toEqual({
    ok: false,
    said: 'ECONNREFUSED',
  });
});

it.each([
  ['0.0.0.0', '127.0.0.1'],
  ['localhost', '127.0.0.1'],
  ['', '127.0.0.1'],
  ['[::]', '::1'],
  ['127.0.0.2', '127.0.0.2'],
])('asks a service on %p at %s', (host, address) => expect(probeAddress(host)).toBe(address));
