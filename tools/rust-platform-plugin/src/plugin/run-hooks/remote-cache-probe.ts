import { request, type ClientRequest } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { remoteCacheProxy } from './remote-cache-proxy';

/**
 * `host` is without user and password; `undefined`: the address is none. Silence without words: too slow. The status is
 * `undefined` where only Nx itself can tell: a proxy or certificate that is not judged here.
 */
export type ProbeAnswer =
  { host: string; status: number | undefined } | { host?: string; silence: string | undefined };

export interface ProbeRequest {
  server: string;
  token?: string;
  env: NodeJS.ProcessEnv;
  limitMs: number;
}

type Open = Array<Socket | ClientRequest>;

/** A number as Nx's hashes are, in case the server checks their shape. */
const NOBODY_HAS = '18446744073709551615';

/** One GET of Nx's protocol, over the same proxy as Nx would use. */
export async function askServer({ server, token, env, limitMs }: ProbeRequest): Promise<ProbeAnswer> {
  // Nx joins the two as texts as well.
  const url = parseUrl(`${server}/v1/cache/${NOBODY_HAS}`);
  if (!url) return { silence: 'is no http or https address' };
  const { host } = url;
  const proxy = remoteCacheProxy(url, env);
  if (proxy === 'unknown') return { host, status: undefined };
  const open: Open = [];
  const deadline = startDeadline(limitMs);
  try {
    const answer = ask({ url, token, proxy }, open).then((status) => ({ host, status }));
    return await Promise.race([answer, deadline.passed.then(() => ({ host, silence: undefined }))]);
  } catch (error) {
    return { host, silence: `cannot be reached (${reasonOf(error)})` };
  } finally {
    deadline.stop();
    // The last first: Node 20 crashes when the socket below a TLS socket goes before it (measured).
    for (const each of open.reverse()) each.on('error', () => undefined).destroy();
  }
}

function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

async function ask(
  { url, token, proxy }: { url: URL; token?: string; proxy?: URL },
  open: Open,
): Promise<number | undefined> {
  const isSecure = url.protocol === 'https:';
  const socket = isSecure ? await secureSocket(url, proxy, open) : await plainSocket(proxy ?? url, open);
  // Nx trusts the certificates of the system, Node those it brings along. The token goes to nobody who is not trusted.
  if (isSecure && !(socket as TLSSocket).authorized) return undefined;
  const headers = {
    host: url.host,
    accept: 'application/octet-stream',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(isSecure ? {} : proxyHeaders(proxy)),
  };
  const path = proxy && !isSecure ? url.href : url.pathname + url.search;
  const call = request({ path, headers, createConnection: () => socket });
  open.push(call);
  return statusOf(call);
}

function proxyHeaders(proxy: URL | undefined): Record<string, string> {
  if (!proxy?.username) return {};
  const account = [proxy.username, proxy.password].map(decodeURIComponent).join(':');
  return { 'proxy-authorization': `Basic ${Buffer.from(account).toString('base64')}` };
}

function plainSocket(url: URL, open: Open): Promise<Socket> {
  return connected(connectTcp(portOf(url), hostOf(url)), 'connect', open);
}

async function secureSocket(url: URL, proxy: URL | undefined, open: Open): Promise<Socket> {
  const host = hostOf(url);
  const options = { host, servername: isIP(host) ? undefined : host, rejectUnauthorized: false };
  if (!proxy) return connected(connectTls({ ...options, port: portOf(url) }), 'secureConnect', open);
  const socket = await plainSocket(proxy, open);
  await openTunnel(socket, { url, proxy }, open);
  return connected(connectTls({ ...options, socket }), 'secureConnect', open);
}

async function openTunnel(tcp: Socket, { url, proxy }: { url: URL; proxy: URL }, open: Open): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  const call = request({
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...proxyHeaders(proxy) },
    createConnection: () => tcp,
  });
  open.push(call);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    call.on('connect', (response) => resolve(response.statusCode)).on('error', reject);
    call.end();
  });
  if (status !== 200) throw new Error(`its proxy answered ${status}`);
}

function statusOf(call: ClientRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    call.on('response', ({ statusCode = 0 }) => resolve(statusCode)).on('error', reject);
    call.end();
  });
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', open: Open): Promise<Socket> {
  open.push(socket);
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve(socket)).once('error', reject);
  });
}

const TICK_MS = 10;

/** Time in which this process was too busy to hear an answer, e.g. computing keys, is not the server's. */
function startDeadline(limitMs: number): { passed: Promise<undefined>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let left = limitMs;
  let last = performance.now();
  const passed = new Promise<undefined>((resolve) => {
    timer = setInterval(() => {
      const now = performance.now();
      left -= Math.min(now - last, 2 * TICK_MS);
      last = now;
      if (left <= 0) resolve(undefined);
    }, TICK_MS);
  });
  return { passed, stop: () => clearInterval(timer) };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'it closed the connection',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'no name server answers',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no network',
  EPROTO: 'it does not speak TLS',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code.startsWith('ERR_SSL')) return REASONS['EPROTO'] ?? code;
  return REASONS[code] ?? (code || message);
}
