import { Agent, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { expandRequest, type PickedRequest } from './request-picker';
import { isExpected, type SetupRequest } from './scenarios';

export interface SetupFigures {
  requests: number;
  seconds: number;
}

export interface SetupFailure {
  name: string;
  n: number;
  request: string;
  /** Status, error, or that it took too long. */
  problem: string;
  /** Beginning of the response; not redacted. */
  excerpt?: string;
}

const AT_ONCE = 8;
const EXCERPT = 500;

/** Entries one after another, the repetitions of one entry a few at a time. Stops at the first failure. */
export async function sendSetup(
  baseUrl: string,
  setup: readonly SetupRequest[],
  limitSeconds: number,
): Promise<SetupFigures | SetupFailure> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    for (const entry of setup) {
      const failure = await sendRepeated(baseUrl, entry, agent, () => seconds() > limitSeconds);
      if (failure) return failure;
    }
    return { requests: setup.reduce((sum, { repeat }) => sum + repeat, 0), seconds: seconds() };
  } finally {
    agent.destroy();
  }
}

async function sendRepeated(
  baseUrl: string,
  entry: SetupRequest,
  agent: Agent,
  isTooLate: () => boolean,
): Promise<SetupFailure | undefined> {
  let next = 0;
  let failure: SetupFailure | undefined;
  const work = async () => {
    while (!failure && next < entry.repeat) {
      const n = next++;
      failure ??= isTooLate()
        ? describeFailure(entry, n, 'took too long')
        : await sendOne(baseUrl, entry, n, agent);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failure;
}

async function sendOne(
  baseUrl: string,
  entry: SetupRequest,
  n: number,
  agent: Agent,
): Promise<SetupFailure | undefined> {
  try {
    const { status, body } = await send(baseUrl, expandRequest(entry, n), agent);
    if (isExpected(status, entry.expect)) return undefined;
    return {
      ...describeFailure(entry, n, `was answered with status ${status}`),
      excerpt: body.slice(0, EXCERPT),
    };
  } catch (error) {
    return describeFailure(entry, n, error instanceof Error ? error.message : String(error));
  }
}

function send(
  baseUrl: string,
  { method, path, headers, body }: Omit<PickedRequest, 'scenario'>,
  agent: Agent,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest(`${baseUrl}${path}`, {
      method,
      agent,
      headers: { ...headers, ...length },
      timeout: 5000,
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')));
    request.on('error', reject);
    request.on('response', (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    request.end(body);
  });
}

function describeFailure(entry: SetupRequest, n: number, problem: string): SetupFailure {
  const { method, path } = expandRequest(entry, n);
  return { name: entry.name, n, request: `${method} ${path}`, problem };
}
