import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface RemoteCacheServer {
  url: string;
  port: number;
  /** Bodies by hash, as Nx sent them: gzipped tar. */
  entries: Map<string, Buffer>;
  /** `GET 123 404`, in order; the probes of the plugin too. */
  requests: string[];
  close(): Promise<void>;
}

export interface RemoteCacheSettings {
  /** Reads and writes. */
  token?: string;
  /** Reads only: a PUT is answered with 403. */
  readOnlyToken?: string;
  port?: number;
}

interface Answer {
  status: number;
  body?: string | Buffer;
}

const PATH = /^\/v1\/cache\/([A-Za-z0-9_-]+)$/;

/** A server of Nx's remote cache protocol (its OpenAPI 1.0.0), in memory: an entry is written once and never replaced. */
export async function remoteCacheServer(settings: RemoteCacheSettings = {}): Promise<RemoteCacheServer> {
  const entries = new Map<string, Buffer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, entries, settings).then((given) => {
      requests.push(`${request.method} ${PATH.exec(request.url ?? '')?.[1] ?? request.url} ${given.status}`);
      send(response, given);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(settings.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, port, entries, requests, close };
}

async function answer(
  request: IncomingMessage,
  entries: Map<string, Buffer>,
  settings: RemoteCacheSettings,
): Promise<Answer> {
  // Read to its end even when it is refused: the client would see a broken connection instead of the answer.
  const body = await buffer(request);
  const hash = PATH.exec(request.url ?? '')?.[1];
  if (hash === undefined) return { status: 404, body: 'Not found' };
  const right = rightOf(request.headers.authorization, settings);
  if (right === 'none') return { status: 401, body: 'Missing or invalid authentication token' };
  if (request.method === 'GET') {
    const entry = entries.get(hash);
    return entry ? { status: 200, body: entry } : { status: 404, body: 'The record was not found' };
  }
  if (request.method !== 'PUT') return { status: 405, body: 'Method not allowed' };
  if (right === 'read') return { status: 403, body: 'Access forbidden: this token only reads' };
  if (Number(request.headers['content-length']) !== body.length)
    return { status: 400, body: 'Content-Length' };
  if (entries.has(hash)) return { status: 409, body: 'Cannot override an existing record' };
  entries.set(hash, body);
  return { status: 202 };
}

function rightOf(
  authorization: string | undefined,
  { token, readOnlyToken }: RemoteCacheSettings,
): 'none' | 'read' | 'write' {
  if (token === undefined && readOnlyToken === undefined) return 'write';
  if (token !== undefined && authorization === `Bearer ${token}`) return 'write';
  return readOnlyToken !== undefined && authorization === `Bearer ${readOnlyToken}` ? 'read' : 'none';
}

function send(response: ServerResponse, { status, body = '' }: Answer): void {
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/octet-stream',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
