import { parseTargetUrl } from '../../engines/http-tests/target-url';
import { EXIT, PlatformError } from '../../errors';
import { allowsRemote } from '../service-stack/refuse-remote-servers';

export interface TestApiLiveOptions {
  url?: string;
  running?: boolean;
  timeout?: number;
  allowRemote?: boolean;
}

export interface NormalizedTestApiLiveOptions {
  requestTimeoutMs: number;
  /** `undefined`: the server that this checkout runs. */
  url: string | undefined;
}

export function normalizeOptions(
  { url, running = false, timeout = 10, allowRemote }: TestApiLiveOptions,
  env: NodeJS.ProcessEnv,
): NormalizedTestApiLiveOptions {
  if ((url === undefined) !== running) {
    throw new PlatformError({
      code: 'invalid-options',
      what: running ? 'a url and --running exclude each other' : 'which server shall be tested?',
      fix: [
        'the one that serve or serve-dev of this checkout started: --running',
        'any other: --url=http://127.0.0.1:8080',
      ],
      exitCode: EXIT.usage,
    });
  }
  return {
    requestTimeoutMs: timeout * 1000,
    url: url === undefined ? undefined : parseTargetUrl(url, allowsRemote(allowRemote, env)),
  };
}
