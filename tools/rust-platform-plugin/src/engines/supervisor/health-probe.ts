import { request } from 'node:http';

/** An answer's status, or why there was none; `ok` for 2xx only. */
export interface ProbeResult {
  ok: boolean;
  /** For messages: `answered 503` or `ECONNREFUSED`. */
  said: string;
}

const PROBE_MS = 1_000;

/** One GET without redirects or keep-alive, at most one second. */
export function probeHealth(
  port: number,
  { path, host }: { path: string; host: string },
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const answer = (result: ProbeResult) => {
      clearTimeout(timer);
      attempt.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => answer({ ok: false, said: `no answer within ${PROBE_MS} ms` }), PROBE_MS);
    const attempt = request({ host: probeAddress(host), port, path, agent: false }, ({ statusCode = 0 }) =>
      answer({ ok: statusCode >= 200 && statusCode < 300, said: `answered ${statusCode}` }),
    );
    attempt.once('error', (error: NodeJS.ErrnoException) =>
      answer({ ok: false, said: error.code ?? error.message }),
    );
    attempt.end();
  });
}

/** A service that listens on every address is asked on loopback. */
export function probeAddress(host: string): string {
  const plain = host.replace(/^\[|\]$/g, '');
  if (plain === '::') return '::1';
  return ['', '0.0.0.0', 'localhost'].includes(plain) ? '127.0.0.1' : plain;
}
