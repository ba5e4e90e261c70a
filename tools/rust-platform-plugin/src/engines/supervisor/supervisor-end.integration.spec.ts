import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_MARKER } from '../../process/environment';
import { findFreePort } from '../../process/ports';
import { descendantsOf } from '../../process/process-facts';
import { isAlive } from '../../process/process-identity';
import { eventually } from '../../testing/eventually';
import { runTypeScript } from '../../testing/run-typescript';
import { supervisedWorkspace, type SupervisedWorkspace } from '../../testing/supervised-workspace';
import { connectSupervisor, listServices, type ServiceSpec, type SupervisorClient } from '.';

const CLIENT = join(__dirname, '..', '..', 'testing', 'supervised-client.ts');

jest.setTimeout(120_000);

let here: SupervisedWorkspace;
let client: SupervisorClient;
beforeEach(async () => (here = await supervisedWorkspace()));
afterEach(async () => {
  await here.close();
});

describe('the end', () => {
  const started = async (...specs: ServiceSpec[]) => {
    const process = await runTypeScript(CLIENT, [here.path, ...specs.map((one) => JSON.stringify(one))]);
    for (const { name } of specs) await process.line(new RegExp(`^ready ${name}`));
    return process;
  };

  it('of a killed client gives its server the whole grace', async () => {
    const process = await started(here.spec({ DRAIN_MS: '3000' }));
    process.kill('SIGKILL');
    await eventually(() => here.log().includes('draining'), 'SIGTERM');
    await eventually(() => here.log().includes('drained'), 'the end of its grace');
  });

  it('of a killed client kills a server that ignores SIGTERM, and its double-forked child', async () => {
    const process = await started(here.spec({ MODE: 'deaf,daemon' }, { gracePeriodMs: 500 }));
    const [service] = await listServices(here.path);
    const marker = { name: SERVICE_MARKER, value: service?.id ?? '' };
    await eventually(async () => (await descendantsOf(0, marker)).length >= 3, 'a double-forked child');
    process.kill('SIGKILL');
    await eventually(() => here.log().includes('SIGTERM ignored'), 'SIGTERM');
    await eventually(async () => (await descendantsOf(0, marker)).length === 0, 'the end of all');
  });

  it('of a killed supervisor ends its services, with their grace, without another command', async () => {
    const temporary = join(here.check.folder, 'rp-service-data');
    await mkdir(temporary);
    const one = here.spec(
      { MODE: 'daemon', DRAIN_MS: '1000' },
      { cleanup: { paths: [temporary] }, gracePeriodMs: 4_000 },
    );
    client = await here.connect();
    const service = await client.start(one);
    await service.ready;
    const { pid } = here.supervisor();
    process.kill(pid, 'SIGKILL');
    expect(await service.exited).toEqual({});
    await eventually(async () => (await descendantsOf(0, marker(service.id))).length === 0, 'the end of all');
    await eventually(() => !existsSync(temporary), 'the cleanup');
    await service.stop();
    await leaveNoStaleSocket();
  });

  it('of a killed supervisor and its guardian is made up for by the next command', async () => {
    client = await here.connect();
    const service = await client.start(here.spec({ MODE: 'daemon' }, { gracePeriodMs: 500 }));
    await service.ready;
    const { pid } = here.supervisor();
    const guardians = (await descendantsOf(pid)).filter((child) => child !== service.pid);
    for (const victim of [...guardians, pid]) process.kill(victim, 'SIGKILL');
    await eventually(async () => !(await isAlive({ pid, startTime: '' })), 'the end of the supervisor');
    expect(await isAlive(service.identity)).toBe(true);
    client = await here.connect();
    expect(await isAlive(service.identity)).toBe(false);
    expect(await descendantsOf(0, marker(service.id))).toEqual([]);
  });

  it('of a supervisor by SIGTERM ends its services in order, the youngest first; SIGINT is not for it', async () => {
    const second = await findFreePort();
    client = await here.connect();
    const older = await client.start(here.spec({ DRAIN_MS: '10' }));
    await older.ready;
    const younger = await client.start(
      here.spec({ DRAIN_MS: '700', PORT: String(second) }, { name: 'gateway', port: second }),
    );
    await younger.ready;
    process.kill(here.supervisor().pid, 'SIGINT');
    process.kill(here.supervisor().pid, 'SIGHUP');
    expect(await client.list()).toHaveLength(2);
    const order: string[] = [];
    void older.exited.then(() => order.push('api'));
    void younger.exited.then(() => order.push('gateway'));
    process.kill(here.supervisor().pid, 'SIGTERM');
    await Promise.all([older.exited, younger.exited]);
    expect(order).toEqual(['gateway', 'api']);
  });

  const marker = (value: string) => ({ name: SERVICE_MARKER, value });
  /** What only the next supervisor can remove. */
  async function leaveNoStaleSocket(): Promise<void> {
    client.close();
    await (await connectSupervisor(here.path)).close();
  }
});
