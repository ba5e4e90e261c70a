import { PlatformError } from '../../errors';
import { allowsRemote, refuseRemoteServers } from './refuse-remote-servers';

const REMOTE = {
  DATABASE_URL: 'postgres://u:sekret@db.example.com/app',
  REDIS_URL: 'redis://:sekret@cache.example.com',
};

function errorOf(work: () => void): PlatformError {
  try {
    work();
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('refuseRemoteServers', () => {
  it('refuses each server on another machine with exit 2, without its password', () => {
    const postgres = errorOf(() => refuseRemoteServers(['postgres', 'redis'], REMOTE, false));
    const redis = errorOf(() => refuseRemoteServers(['redis'], REMOTE, false));
    for (const error of [postgres, redis]) {
      expect(error).toMatchObject({ code: 'remote-refused', exitCode: 2 });
      expect(error.message).not.toContain('sekret');
    }
    expect(postgres.message).toContain('db.example.com');
    expect(redis.message).toContain('cache.example.com');
  });

  it('minds only what is used, and what is not allowed', () => {
    expect(() => refuseRemoteServers([], REMOTE, false)).not.toThrow();
    expect(() => refuseRemoteServers(['postgres', 'redis'], REMOTE, true)).not.toThrow();
    expect(() =>
      refuseRemoteServers(['postgres'], { DATABASE_URL: 'postgres://u@127.0.0.1/app' }, false),
    ).not.toThrow();
  });
});

test('allowsRemote: the option wins over the variable of the chain', () => {
  const chain = { RUST_PLATFORM_ALLOW_REMOTE: 'true' };
  expect(allowsRemote(undefined, {})).toBe(false);
  expect(allowsRemote(undefined, chain)).toBe(true);
  expect(allowsRemote(false, chain)).toBe(false);
  expect(allowsRemote(true, {})).toBe(true);
});
