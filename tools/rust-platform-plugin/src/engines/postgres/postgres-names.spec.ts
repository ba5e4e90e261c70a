import type { ServerEndpoint } from '../endpoints';
import { parseRedisUrl, withRedisDatabase } from '../redis/redis-url';
import { formatPostgresUrl, parsePostgresUrl, withDatabase } from './postgres-url';
import { quoteIdentifier } from './quote-identifier';
import { serviceDatabaseUrl } from './service-database-url';
import {
  isTemplateOf,
  namedOwner,
  parseOwner,
  templateName,
  testDatabaseName,
  thisHost,
} from './test-database-name';

describe('PostgreSQL URLs', () => {
  it('gives the parts back that it was made of', () => {
    const address = {
      host: '::1',
      port: 5434,
      user: 'a b',
      password: 'p@ss/w:rd?',
      database: 'url-shortener',
    };
    expect(parsePostgresUrl(formatPostgresUrl(address))).toEqual(address);
  });

  it('knows defaults and sockets', () => {
    expect(parsePostgresUrl('postgresql://ann@db')).toMatchObject({
      host: 'db',
      port: 5432,
      database: 'ann',
    });
    expect(parsePostgresUrl('postgres:///x?host=/run/pg&user=ann')).toMatchObject({
      host: '/run/pg',
      user: 'ann',
      database: 'x',
    });
  });

  it('changes the database and keeps the rest', () => {
    expect(withDatabase('postgres://a:b@h:1/x?sslmode=disable', 'y-z')).toBe(
      'postgres://a:b@h:1/y-z?sslmode=disable',
    );
  });

  it.each(['mysql://a:s3cret@h/x', 'not a url', ''])('refuses %s without showing secrets', (url) => {
    expect(() => parsePostgresUrl(url)).toThrow(/is not a PostgreSQL URL/);
    expect(() => parsePostgresUrl(url)).not.toThrow(/s3cret/);
  });

  it.each([
    ['given', 'postgres://a@h/postgres', 'postgres://a@h/links'],
    ['given', 'postgres://a@h/prod', 'postgres://a@h/prod'],
    ['local', 'postgres://a@h/postgres', 'postgres://a@h/links'],
  ] as const)('a %s server %s has the service in %s', (provider, url, expected) => {
    expect(serviceDatabaseUrl({ provider, url } as ServerEndpoint, 'links')).toBe(expected);
  });
});

describe('Redis URLs', () => {
  it('reads hosts, databases and sockets', () => {
    expect(parseRedisUrl('redis://:p%40ss@127.0.0.1/3')).toMatchObject({
      port: 6379,
      password: 'p@ss',
      database: 3,
    });
    expect(parseRedisUrl('rediss://u:p@h:1')).toMatchObject({ host: 'h', port: 1, user: 'u', database: 0 });
    expect(parseRedisUrl('unix:///run/redis.sock?db=2')).toMatchObject({
      host: '/run/redis.sock',
      database: 2,
    });
    expect(withRedisDatabase('redis://h:1/0', 7)).toBe('redis://h:1/7');
  });

  it.each(['http://h', 'redis://h/name', 'nonsense'])('refuses %s', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(/is not a Redis URL/);
  });
});

test('quoteIdentifier: a name cannot end its own quotes', () => {
  expect(quoteIdentifier('url-shortener')).toBe('"url-shortener"');
  expect(quoteIdentifier('a"; DROP')).toBe('"a""; DROP"');
});

describe('names of temporary databases', () => {
  const owner = { pid: 4_194_304, startTime: 'boot.1.234567' };

  it('holds the owner, and 63 bytes at most', () => {
    const name = testDatabaseName(owner, 'a-service-with-quite-a-long-Name');
    expect(name).toMatch(/^rp_test_4194304_[0-9a-f]{6}_[0-9a-f]{6}_a_service_with_quite_[0-9a-f]{6}$/);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    expect(parseOwner(name)).toEqual({ ...namedOwner(owner), host: thisHost() });
  });

  it('is no owner of templates and of names that only look alike', () => {
    const template = templateName('url-shortener', 'f'.repeat(64));
    expect(template).toMatch(/^rp_test_tpl_url_shortener_[0-9a-f]{6}_f{16}$/);
    expect([template, 'rp_test_mine', 'rp_testimony', 'links'].map(parseOwner)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(isTemplateOf('url-shortener', template)).toBe(true);
    expect(isTemplateOf('url', template)).toBe(false);
  });

  it.each([
    ['a-service-with-quite-a-long-name-for-orders', 'a-service-with-quite-a-long-name-for-payments'],
    ['url-shortener', 'url_shortener'],
  ])('keeps the templates of %s and %s apart', (one, other) => {
    const template = templateName(one, 'f'.repeat(64));
    expect(Buffer.byteLength(template)).toBeLessThanOrEqual(63);
    expect(isTemplateOf(one, template)).toBe(true);
    expect(isTemplateOf(other, template)).toBe(false);
  });
});
