import { isLoopback, redactText, redactUrl } from './redact';

describe('redactUrl', () => {
  it.each([
    ['postgres://app:s3cret@db.example.com:5432/shop', 'postgres://app:***@db.example.com:5432/shop'],
    ['redis://:s3cret@127.0.0.1:6379/0', 'redis://:***@127.0.0.1:6379/0'],
    ['postgres://app:p%40ss@h/db?sslmode=require', 'postgres://app:***@h/db?sslmode=require'],
    ['postgres:///shop?host=/tmp&password=s3cret', 'postgres:///shop?host=%2Ftmp&password=***'],
    ['https://example.com/?api_key=s3cret', 'https://example.com/?api_key=***'],
    ['postgres://app@localhost/shop', 'postgres://app@localhost/shop'],
    ['no url', '<unreadable url>'],
  ])('%s', (url, expected) => expect(redactUrl(url)).toBe(expected));
});

describe('redactText', () => {
  it('masks URLs inside a sentence and leaves harmless ones alone', () => {
    const text = 'cannot reach postgres://app:s3cret@db/shop, see https://example.com/?a=b.';
    expect(redactText(text)).toBe('cannot reach postgres://app:***@db/shop, see https://example.com/?a=b.');
  });

  it('masks what cannot be parsed up to the last @', () => {
    expect(redactText('postgres://app:pa/ss@db/shop')).toBe('postgres://***@db/shop');
  });

  it('masks given secrets, the longest first, and ignores very short ones', () => {
    expect(redactText('secret-long and secret', ['secret', 'secret-long', 'a'])).toBe('*** and ***');
  });
});

describe('isLoopback', () => {
  it.each([
    'localhost',
    'api.localhost',
    '127.0.0.1',
    '127.1.2.3',
    '::1',
    '[::1]',
    '/var/run/postgresql',
    '0.0.0.0',
  ])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each([
    '',
    'db.example.com',
    '10.0.0.1',
    '127.0.0.1.example.com',
    'localhost.example.com',
    '::2',
    '128.0.0.1',
  ])('%p is not', (host) => expect(isLoopback(host)).toBe(false));
});
