import { PlatformError } from '../../errors';
import { parseTargetUrl, secretsOfTargetUrl, showTargetUrl } from './target-url';

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

test('an address with a password is used as it is and shown without', () => {
  const url = parseTargetUrl('http://u:s3%2Fcret@127.0.0.1:8080/base/', false);
  expect(url).toBe('http://u:s3%2Fcret@127.0.0.1:8080/base');
  expect(showTargetUrl(url)).toBe('http://127.0.0.1:8080/base');
  expect(secretsOfTargetUrl(url)).toEqual(['s3%2Fcret', 's3/cret']);
  expect(secretsOfTargetUrl('http://127.0.0.1')).toEqual([]);
});

test('a refused address is shown without its user and password', () => {
  for (const url of ['ftp://u:s3cret@127.0.0.1', 'http://u:s3cret@127.0.0.1/?a=1', 'http://u:s3/cret@h']) {
    expect(() => parseTargetUrl(url, false)).toThrow(
      expect.objectContaining({ what: expect.not.stringContaining('s3') }),
    );
  }
});
