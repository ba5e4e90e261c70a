import { readFile } from 'node:fs/promises';
import {
  HttpSymbolKind,
  io,
  send,
  store,
  type HttpRegion,
  type HttpResponse,
  type TestResult,
} from 'httpyac';
import type { HttpAssertion, HttpMessage, HttpOrder, HttpStep } from './http-order';

const EXCERPT = 2000;
/** Above httpyac's highest level: only what we ask for is printed. */
const SILENT = 1000;

/** Sends all requests of one file, in their order; goes on after failures. */
export async function runHttpFile(
  order: HttpOrder,
  file: string,
  tell: (message: HttpMessage) => void,
): Promise<void> {
  const text = await readFile(file, 'utf8');
  const config = {
    log: { level: SILENT, supportAnsiColors: false },
    request: { timeout: order.requestTimeoutMs },
  };
  const httpFile = await new store.HttpFileStore().getOrCreate(file, async () => text, 0, {
    workingDir: order.folder,
    config,
  });
  const seen = new Set<number>();
  await send({
    httpFile,
    config,
    variables: { ...order.variables },
    scriptConsole: new io.Logger({ level: SILENT, logMethod: () => undefined }),
    // Called once per request that ran, loops and repeated references included: httpyac's own list of results loses the
    // last pass of a loop, and with it a failure.
    logResponse: async (response, region) => {
      if (!region) return;
      seen.add(region.symbol.startLine);
      const step = describeStep(file, region, response);
      if (step) tell({ type: 'step', step });
    },
  });
  const requests = httpFile.httpRegions.filter((region) => !region.isGlobal());
  for (const region of httpFile.httpRegions) {
    const step = seen.has(region.symbol.startLine) ? undefined : describeUnseen(file, region);
    if (step) tell({ type: 'step', step });
  }
  tell({ type: 'file', file, requests: requests.length, blank: isBlank(text) });
}

/** `undefined`: the frame around the passes of a loop, which says nothing itself. */
function describeStep(
  file: string,
  region: HttpRegion,
  response: HttpResponse | undefined,
): HttpStep | undefined {
  const results = region.testResults ?? [];
  if (!response && results.length === 0) return undefined;
  const sent = response?.request;
  const { method, url } = { ...region.request, ...(sent?.url ? sent : {}) };
  return {
    file,
    line: lineOf(region),
    name: region.symbol.name,
    request: `${method ?? 'GET'} ${url ?? ''}`.trim(),
    status: response?.statusCode,
    durationMs: response?.timings?.total ?? 0,
    assertions: results.map(describeAssertion),
    excerpt: typeof response?.body === 'string' ? response.body.slice(0, EXCERPT) : undefined,
  };
}

/** Of the request line, where an editor shows the button that sends it. */
function lineOf({ symbol }: HttpRegion): number {
  const request = symbol.children?.find(({ kind }) => kind === HttpSymbolKind.requestLine);
  return (request ?? symbol).startLine + 1;
}

/** A request that never ran is no pass; the global part of a file has a say only when it asserts something. */
function describeUnseen(file: string, region: HttpRegion): HttpStep | undefined {
  const step = describeStep(file, region, undefined);
  if (step || region.isGlobal() || !region.request) return step;
  const lost: HttpRegion = Object.create(region, {
    testResults: { value: [{ status: 'ERROR', message: 'the request was not sent' }] },
  });
  return describeStep(file, lost, undefined);
}

function describeAssertion({ status, message, error }: TestResult): HttpAssertion {
  const outcomes = { SUCCESS: 'passed', FAILED: 'failed', SKIPPED: 'skipped', ERROR: 'error' } as const;
  const text = error?.displayMessage?.replace(/^AssertionError \[ERR_ASSERTION\]: /, '');
  return {
    outcome: outcomes[status],
    message: status === 'FAILED' || status === 'ERROR' ? (text ?? message) : message,
  };
}

function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*($|#|\/\/)/.test(line));
}
