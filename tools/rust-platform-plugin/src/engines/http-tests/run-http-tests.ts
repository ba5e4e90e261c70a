import { entryPoint } from '../../process/entry-point';
import { run } from '../../process/run';
import { HTTPYAC_ENVIRONMENT } from './httpyac-environment';
import { MESSAGE_MARK, type HttpMessage, type HttpOrder, type HttpStep } from './http-order';
import { countTests, fileProblem, judgeSteps, type FileFacts, type HttpTestsResult } from './judge-steps';
import { redactResponse } from './redact-response';

export interface HttpTestsRequest extends Pick<HttpOrder, 'files' | 'folder'> {
  /** `{{host}}` and `{{baseUrl}}` in the files, e.g. `http://127.0.0.1:8123`. */
  baseUrl: string;
  /** More variables for the files. */
  variables?: Record<string, string>;
  /** Default 10 s. */
  requestTimeoutMs?: number;
  /** Never shown: passwords of the servers behind the service. */
  secrets?: readonly string[];
  signal?: AbortSignal;
}

const SUITE_TIMEOUT_MS = 10 * 60_000;

/**
 * Runs `.http` files with httpyac in a process of its own. Failed tests are a result, not an error. A file that proves
 * nothing (no request, no assertion, the runner ended in it) is a failed test; a file of comments only is not.
 */
export async function runHttpTests(request: HttpTestsRequest): Promise<HttpTestsResult> {
  const { files, signal, secrets = [] } = request;
  const steps: HttpStep[] = [];
  const facts: FileFacts[] = files.map((file) => ({ file, requests: undefined, blank: false }));
  const onMessage = (message: HttpMessage) => {
    if (message.type === 'step') steps.push(message.step);
    else Object.assign(facts.find(({ file }) => file === message.file) ?? {}, message);
  };
  const { exitCode, stderr, durationMs, timedOut } = await run(
    process.execPath,
    entryPoint(__dirname, 'http-process'),
    {
      input: JSON.stringify(orderOf(request)),
      env: Object.fromEntries(HTTPYAC_ENVIRONMENT.map((name) => [name, undefined])),
      signal,
      killGraceMs: 500,
      timeoutMs: SUITE_TIMEOUT_MS,
      onLine: (line, stream) => {
        if (stream === 'stdout' && line.startsWith(MESSAGE_MARK))
          onMessage(JSON.parse(line.slice(MESSAGE_MARK.length)));
      },
    },
  );
  signal?.throwIfAborted();
  const redact = (text: string) => redactResponse(text, secrets);
  const tests = judgeSteps(steps, facts, redact);
  const unfinished = facts.find(({ requests, blank }) => requests === undefined && !blank);
  if (exitCode !== 0 && !unfinished && files.length > 0) {
    tests.push(
      fileProblem(files.at(-1) ?? '', `the runner ended with ${exitCode}: ${redact(stderr.slice(-500))}`),
    );
  } else if (unfinished) {
    const last = tests.find((test) => test.file === unfinished.file && test.line === 0);
    const reason = timedOut
      ? `took longer than ${SUITE_TIMEOUT_MS / 60_000} minutes`
      : redact(stderr.trim().slice(-500));
    if (last && reason) last.error = `${last.error}: ${reason}`;
  }
  return countTests(tests, durationMs);
}

function orderOf(request: HttpTestsRequest): HttpOrder {
  const { files, folder, baseUrl, variables = {}, requestTimeoutMs = 10_000 } = request;
  return { files, folder, variables: { host: baseUrl, baseUrl, ...variables }, requestTimeoutMs };
}
