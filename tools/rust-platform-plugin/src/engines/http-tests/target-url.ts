import { EXIT, PlatformError } from '../../errors';
import { isLoopback, redactUrl } from '../../process/redact';

/**
 * The address of a server that is already there, without a slash at its end.
 * @throws PlatformError `invalid-url`; `remote-refused` for another machine unless `allowRemote`
 */
export function parseTargetUrl(url: string, allowRemote: boolean): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.search !== '' || parsed.hash !== '') {
    throw new PlatformError({
      code: 'invalid-url',
      what: `this is not the address of a server: ${redactUrl(url)}`,
      fix: 'write it as --url=http://127.0.0.1:8080',
      exitCode: EXIT.usage,
    });
  }
  if (!allowRemote && !isLoopback(parsed.hostname)) {
    throw new PlatformError({
      code: 'remote-refused',
      what: `the server to test is on another machine: ${parsed.hostname}`,
      why: 'API tests change data',
      fix: `if ${parsed.hostname} is really meant: add --allow-remote`,
      exitCode: EXIT.usage,
    });
  }
  return parsed.toString().replace(/\/+$/, '');
}
