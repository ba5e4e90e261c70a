import { createServer, type Server } from 'node:http';
import { findFreePort } from '../../process/ports';
import { eventually } from '../../testing/eventually';
import { supervisedWorkspace, type SupervisedWorkspace } from '../../testing/supervised-workspace';
import type { SupervisorClient } from '.';

jest.setTimeout(120_000);

let here: SupervisedWorkspace;
let client: SupervisorClient;
beforeEach(async () => (here = await supervisedWorkspace()));
afterEach(async () => {
  await here.endSupervisor();
  await here.close();
});

describe('a service', () => {
  it('that panics at start is reported with its last 30 lines', async () => {
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'panic' }));
    const error = await service.ready.catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'service-exited',
      what: 'api ended with exit code 101 before it was ready',
      why: expect.stringContaining('DATABASE_URL is missing'),
    });
    expect((error as { why: string }).why.split('\n')).toHaveLength(31);
    expect(await service.exited).toEqual({ exitCode: 101 });
    await service.stop();
  });

  it('that never gets ready is ended, and it is said what was tried', async () => {
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'unhealthy' }, { startTimeoutMs: 4_500 }));
    await expect(service.ready).rejects.toMatchObject({
      code: 'service-not-ready',
      what: 'api was not ready within 4.5 s',
      why: expect.stringMatching(/GET http:\/\/127.0.0.1:\d+\/health: answered 503 .*; it listens on port/),
    });
    await service.exited;
    const silent = await client.start(here.spec({ MODE: 'silent' }, { startTimeoutMs: 1_000 }));
    await expect(silent.ready).rejects.toMatchObject({
      code: 'service-not-ready',
      why: expect.stringMatching(/ECONNREFUSED .*; nobody listens on port/),
    });
  });

  it('that listens on another port is told so, before the start timeout', async () => {
    const other = await findFreePort();
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'other-port', OTHER_PORT: String(other) }));
    await expect(service.ready).rejects.toMatchObject({
      code: 'wrong-port',
      what: `api listens on ${other} instead of ${here.port}`,
      fix: expect.arrayContaining([expect.stringContaining('[package.metadata.rust-platform.env]')]),
    });
    await service.stop();
    const early = await client.start(
      here.spec({ MODE: 'other-port', OTHER_PORT: String(other) }, { startTimeoutMs: 4_500 }),
    );
    await expect(early.ready).rejects.toMatchObject({ code: 'wrong-port' });
  });

  it('without a health URL is ready when it listens', async () => {
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'unhealthy' }, { health: undefined }));
    await service.ready;
    await service.stop();
  });
});

describe('a port', () => {
  let stranger: Server | undefined;
  afterEach(() => new Promise((resolve) => (stranger ? stranger.close(resolve) : resolve(undefined))));
  const occupy = () =>
    new Promise<void>((resolve) => {
      stranger = createServer((_, response) => response.end('mine')).listen(here.port, '127.0.0.1', resolve);
    });

  it('that a stranger has is refused with his pid', async () => {
    await occupy();
    client = await here.connect();
    await expect(client.start(here.spec())).rejects.toMatchObject({
      code: 'port-taken',
      what: expect.stringContaining(`pid ${process.pid} (`),
      fix: expect.arrayContaining([`kill ${process.pid}`]),
      exitCode: 4,
    });
    await closeStranger();
  });

  it('that a stranger takes during the start is not mistaken for ours', async () => {
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'silent' }));
    await occupy();
    await expect(service.ready).rejects.toMatchObject({ code: 'port-taken' });
    await service.stop();
    await closeStranger();
  });

  it('of a service of this checkout is refused with its name, and free again after it', async () => {
    client = await here.connect();
    const first = await client.start(here.spec({ DRAIN_MS: '1500' }));
    await first.ready;
    await expect(client.start(here.spec({}, { name: 'second' }))).rejects.toMatchObject({
      code: 'port-taken',
      what: expect.stringContaining('service api of this checkout (test)'),
    });
    const stopping = first.stop();
    await eventually(() => first.lastLines(1)[0] === 'draining', 'draining');
    const second = await client.start(here.spec({}, { name: 'second' }));
    await second.ready;
    await stopping;
    await second.stop();
  });

  async function closeStranger(): Promise<void> {
    await new Promise((resolve) => stranger?.close(resolve));
    stranger = undefined;
  }
});
