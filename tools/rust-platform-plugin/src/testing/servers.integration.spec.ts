import { isPortFree } from '../process/ports';
import { probeServer } from '../engines/deps/probe-server';
import { startPrivatePostgres, startPrivateRedis } from './servers';

describe('private servers', () => {
  it.each([
    ['postgres', startPrivatePostgres],
    ['redis', startPrivateRedis],
  ])(
    '%s answers a query and is gone after stop',
    async (_, start) => {
      const server = await start();
      if (!server) return;
      try {
        expect(await probeServer(server)).toMatchObject({ version: server.version.split(' ')[0] });
      } finally {
        await server.stop();
      }
      expect(await isPortFree(server.port)).toBe(true);
    },
    120_000,
  );
});
