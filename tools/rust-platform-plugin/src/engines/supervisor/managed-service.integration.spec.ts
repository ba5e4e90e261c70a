import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_MARKER } from '../../process/environment';
import { isPortFree } from '../../process/ports';
import { describeProcess, descendantsOf, listeningPortsOf } from '../../process/process-facts';
import { isAlive } from '../../process/process-identity';
import { eventually } from '../../testing/eventually';
import { supervisedWorkspace, type SupervisedWorkspace } from '../../testing/supervised-workspace';
import { listServices, type SupervisorClient } from '.';

jest.setTimeout(120_000);

let here: SupervisedWorkspace;
let client: SupervisorClient;
beforeEach(async () => (here = await supervisedWorkspace()));
afterEach(async () => {
  await here.endSupervisor();
  await here.close();
});

describe('a service', () => {
  it('gets ready, is listed with its proof, and stops without a trace', async () => {
    const lines: string[] = [];
    const temporary = join(here.check.folder, 'rp-service-data');
    await mkdir(temporary);
    await writeFile(join(temporary, 'file'), 'x');
    client = await here.connect();
    const service = await client.start(
      here.spec({ MODE: 'slow-health' }, { cleanup: { paths: [temporary] } }),
      {
        onLine: (line) => lines.push(line),
      },
    );
    expect(await client.list()).toMatchObject([
      { id: service.id, state: 'starting', pid: service.pid, port: here.port },
    ]);
    await service.ready;
    expect(await listServices(here.path)).toMatchObject([
      { name: 'api', project: 'api', purpose: 'test', state: 'ready', identity: service.identity },
    ]);
    expect(await listeningPortsOf([service.pid])).toMatchObject([{ port: here.port, address: '127.0.0.1' }]);
    expect((await describeProcess(service.pid))?.ppid).toBe(here.supervisor().pid);
    await service.stop();
    expect(await isAlive(service.identity)).toBe(false);
    expect(await isPortFree(here.port)).toBe(true);
    expect(existsSync(temporary)).toBe(false);
    expect(await service.exited).toEqual({ signal: 'SIGTERM' });
    expect(lines).toEqual([`stdin 0 cwd ${here.path}`, `listening on ${here.port}`]);
    expect(service.lastLines(1)).toEqual([`listening on ${here.port}`]);
    expect(here.log()).toBe(`${lines.join('\n')}\n`);
    expect(await client.list()).toEqual([]);
  });

  it('has exactly the environment that it was given, and the marker', async () => {
    client = await here.connect();
    const env = { PATH: process.env['PATH'] ?? '', ONLY: 'this', ...here.check.env };
    const service = await client.start(here.spec({}, { command: 'env', args: [], env }));
    await service.exited;
    const names = service.lastLines(50).map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual([...Object.keys(env), SERVICE_MARKER].sort());
    await expect(service.ready).rejects.toMatchObject({ code: 'service-exited' });
    await service.stop();
  });

  it('whose command is missing, or whose cleanup would hurt, is refused', async () => {
    client = await here.connect();
    await expect(client.start(here.spec({}, { command: 'rp-no-such' }))).rejects.toMatchObject({
      code: 'command-not-found',
    });
    await expect(client.start(here.spec({}, { cleanup: { paths: ['/etc'] } }))).rejects.toMatchObject({
      code: 'unsafe-cleanup',
    });
    await expect(client.start(here.spec({}, { cleanup: { paths: [here.path] } }))).rejects.toMatchObject({
      code: 'unsafe-cleanup',
    });
    expect(await client.list()).toEqual([]);
  });

  it('that writes faster than it is read loses nothing in its log', async () => {
    client = await here.connect();
    let count = 0;
    const service = await client.start(here.spec({ MODE: 'chatty' }), { onLine: () => (count += 1) });
    await service.ready;
    // Until then a part of its output may still be in its own memory.
    await eventually(() => service.lastLines(1)[0]?.startsWith('listening'), 'the last line');
    await service.stop();
    expect(here.log().trim().split('\n')).toHaveLength(20_002);
    expect(count).toBe(20_002);
    expect(service.lastLines(1_000)).toHaveLength(200);
  });

  it('that crashes later is reported, and what it left is ended', async () => {
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'daemon,crash-later' }, { gracePeriodMs: 500 }));
    await service.ready;
    expect(await service.exited).toEqual({ exitCode: 3 });
    await service.stop();
    expect(await descendantsOf(0, { name: SERVICE_MARKER, value: service.id })).toEqual([]);
  });
});
