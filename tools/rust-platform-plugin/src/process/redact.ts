import { isIP } from 'node:net';

const SECRET_PARAMETER = /pass(word|wd|phrase)?$|secret|token|api[-_]?key|credential/i;
const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>`]+/gi;
const MASK = '***';

/** The URL with `***` for its password and for secret query parameters; `<unreadable url>` for what is no URL. */
export function redactUrl(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return '<unreadable url>';
  }
  if (parsed.password !== '') parsed.password = MASK;
  for (const name of new Set(parsed.searchParams.keys())) {
    if (SECRET_PARAMETER.test(name)) parsed.searchParams.set(name, MASK);
  }
  return parsed.toString();
}

/** Text for people with every URL's secrets and all given secrets replaced by `***`. */
export function redactText(text: string, secrets: string[] = []): string {
  const withoutUrls = text.replace(URL_IN_TEXT, redactInText);
  // Longest first: one secret may be part of another. Very short ones would blank half of the text.
  const known = secrets
    .filter((secret) => secret.length >= 4)
    .sort((left, right) => right.length - left.length);
  return known.reduce((result, secret) => result.replaceAll(secret, MASK), withoutUrls);
}

/** What cannot be parsed (cut off, a password with a slash) is masked up to its last `@`. */
function redactInText(url: string): string {
  const redacted = redactUrl(url);
  if (redacted === '<unreadable url>') return url.replace(/:\/\/.*@/, `://${MASK}@`);
  return redacted.includes(MASK) ? redacted : url;
}

/** True for this machine's loopback addresses, `localhost` and socket paths. What it does not know is not loopback. */
export function isLoopback(hostOrSocket: string): boolean {
  if (hostOrSocket.startsWith('/')) return true;
  const host = hostOrSocket.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const plain = host.replace(/^::ffff:/, '');
  if (isIP(plain) === 4) return plain.startsWith('127.') || plain === '0.0.0.0';
  return isIP(host) === 6 && (host === '::1' || host === '::' || host === '0:0:0:0:0:0:0:1');
}
