import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectSupervisor, type ServiceSpec, type SupervisorClient } from '../engines/supervisor';
import { readState } from '../engines/supervisor/state-file';
import { findFreePort } from '../process/ports';
import { isAlive, type ProcessIdentity } from '../process/process-identity';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from './leak-check';
import { temporaryFolder } from './temporary-folder';

/** A workspace with a leak check, a free port and a service for it: `test-server.cjs`, told by environment. */
export interface SupervisedWorkspace {
  path: string;
  check: LeakCheck;
  port: number;
  spec(env?: Record<string, string>, more?: Partial<ServiceSpec>): ServiceSpec;
  connect(): Promise<SupervisorClient>;
  /** The supervisor that its state file names. */
  supervisor(): ProcessIdentity;
  hasState(): boolean;
  socket(): string;
  /** Output of the service so far. */
  log(): string;
  /** Most tests need not wait until the supervisor finds itself idle. */
  endSupervisor(): Promise<void>;
  /** Closes the clients and proves that nothing is left. */
  close(): Promise<void>;
}

export async function supervisedWorkspace(): Promise<SupervisedWorkspace> {
  const check = await startLeakCheck();
  const folder = await temporaryFolder('workspace');
  const port = await findFreePort();
  const clients: SupervisorClient[] = [];
  const state = () => readState(join(folder.path, '.rust-platform', 'supervisor.json'));
  const closeClients = () => clients.splice(0).forEach((client) => client.close());
  const supervisor = () => {
    const identity = state()?.identity;
    if (!identity) throw new Error('no supervisor');
    return identity;
  };
  return {
    path: folder.path,
    check,
    port,
    supervisor,
    spec: (env = {}, more = {}) => serviceSpec(folder.path, port, { ...check.env, ...env }, more),
    connect: async () => {
      const client = await connectSupervisor(folder.path);
      clients.push(client);
      return client;
    },
    hasState: () => state() !== undefined,
    socket: () => state()?.socket ?? '',
    log: () => readFileSync(join(folder.path, 'logs', 'api.log'), 'utf8'),
    endSupervisor: async () => {
      closeClients();
      const identity = state()?.identity;
      if (identity && (await isAlive(identity))) process.kill(identity.pid, 'SIGTERM');
    },
    close: async () => {
      closeClients();
      await expectNothingLeft(check, { ports: [port], withinMs: 30_000 });
      await folder.remove();
      await check.end();
    },
  };
}

function serviceSpec(
  workspace: string,
  port: number,
  env: Record<string, string>,
  more: Partial<ServiceSpec>,
): ServiceSpec {
  return {
    name: 'api',
    project: 'api',
    purpose: 'test',
    command: process.execPath,
    args: [join(__dirname, 'test-server.cjs')],
    cwd: workspace,
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), ...env },
    port,
    health: { path: '/health', host: '127.0.0.1' },
    startTimeoutMs: 60_000,
    gracePeriodMs: 10_000,
    logFile: join(workspace, 'logs', 'api.log'),
    ...more,
  };
}
