import { EXIT, PlatformError } from '../../errors';
import { isLoopback, redactUrl } from '../../process/redact';

/**
 * The address of a server that is already there, without a slash at its end. It may hold a password: see `showTargetUrl`.
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

/** The address for people: without user and password. */
export function showTargetUrl(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.toString().replace(/\/+$/, '');
}

/** What of an accepted address must not be shown: the password, as it is written and as it is sent. */
export function secretsOfTargetUrl(url: string): string[] {
  const { password } = new URL(url);
  if (password === '') return [];
  return [...new Set([password, decoded(password)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
