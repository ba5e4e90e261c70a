import { PlatformError } from '../../errors';
import { parseTargetUrl } from './target-url';

function codeOf(url: string): string | undefined {
  try {
    parseTargetUrl(url, false);
  } catch (error) {
    return error instanceof PlatformError ? `${error.code} ${error.exitCode}` : String(error);
  }
  return undefined;
}

describe('parseTargetUrl', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['https://[::1]:8443/base/', 'https://[::1]:8443/base'],
  ])('accepts %s', (url, expected) => {
    expect(parseTargetUrl(url, false)).toBe(expected);
  });

  it.each(['', 'localhost:8080', 'ftp://127.0.0.1', 'http://127.0.0.1/?a=1', '8080'])('refuses %j', (url) => {
    expect(codeOf(url)).toBe('invalid-url 2');
  });

  it('refuses another machine unless it is allowed', () => {
    expect(codeOf('https://api.example.com')).toBe('remote-refused 2');
    expect(parseTargetUrl('https://api.example.com', true)).toBe('https://api.example.com');
  });
});
