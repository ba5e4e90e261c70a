import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { mergeEnvironment } from '../../process/environment';
import { describeProcess } from '../../process/process-facts';
import { isAlive } from '../../process/process-identity';
import { eventually } from '../../testing/eventually';
import { runTypeScript, typeScriptArguments } from '../../testing/run-typescript';
import { supervisedWorkspace, type SupervisedWorkspace } from '../../testing/supervised-workspace';
import { listServices, type SupervisorClient } from '.';
import { JsonConnection } from './json-connection';
import type { ClientMessage, SupervisorMessage } from './protocol';

const CLIENT = join(__dirname, '..', '..', 'testing', 'supervised-client.ts');

jest.setTimeout(120_000);

let here: SupervisedWorkspace;
let client: SupervisorClient;
beforeEach(async () => (here = await supervisedWorkspace()));
afterEach(async () => {
  await here.close();
});

describe('the supervisor', () => {
  it('is started once by five clients at once, and ends when it is idle', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => runTypeScript(CLIENT, [here.path])));
    await Promise.all(clients.map((one) => one.line(/^connected/)));
    const serving = readFileSync(join(here.path, '.rust-platform', 'supervisor.log'), 'utf8');
    expect(serving.match(/ serving /g)).toHaveLength(1);
    const identity = here.supervisor();
    expect((await describeProcess(identity.pid))?.ppid).not.toBe(process.pid);
    for (const one of clients) one.kill('SIGKILL');
    await eventually(async () => !(await isAlive(identity)), 'its end');
    expect(here.hasState()).toBe(false);
    expect(await listServices(here.path)).toEqual([]);
  });

  it('does not keep open what the command that started it had open', async () => {
    // A shell leaves such files open for its children (63 is bash's `<(…)`), and Node passes the high ones on.
    const command = [process.execPath, ...typeScriptArguments(CLIENT), here.path];
    const starter = spawn('bash', ['-c', 'exec "$@" 63>&1', 'bash', ...command], {
      env: mergeEnvironment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(starter, 'close');
    await once(starter.stdout, 'data');
    const identity = here.supervisor();
    starter.kill('SIGKILL');
    await closed;
    expect(await isAlive(identity)).toBe(true);
    expect((await describeProcess(identity.pid))?.cwd).toBe(here.path);
  });

  it('takes the place of a socket file that was left behind', async () => {
    client = await here.connect();
    const { pid } = here.supervisor();
    const socket = here.socket();
    process.kill(pid, 'SIGKILL');
    await eventually(async () => !(await isAlive({ pid, startTime: '' })), 'its end');
    expect(existsSync(socket)).toBe(true);
    client = await here.connect();
    expect(here.supervisor().pid).not.toBe(pid);
    expect(await client.list()).toEqual([]);
  });

  it('makes room for another version of the plugin only when it is idle', async () => {
    const greet = async () => {
      const socket = here.socket();
      const connection = new JsonConnection<SupervisorMessage, ClientMessage>(connectSocket(socket));
      connection.send({ type: 'hello', protocol: 99, version: '99.0.0' });
      expect(await connection.next('welcome')).toMatchObject({ identity: here.supervisor() });
      connection.send({ type: 'retire' });
      return connection;
    };
    client = await here.connect();
    const service = await client.start(here.spec());
    const refused = await greet();
    expect(await refused.next('busy', 'retiring')).toMatchObject({ type: 'busy', services: ['api (test)'] });
    refused.close();
    await service.stop();
    client.close();
    const identity = here.supervisor();
    const accepted = await eventually(async () => {
      const connection = await greet();
      const answer = await connection.next('busy', 'retiring');
      if (answer?.type === 'retiring') return connection;
      connection.close();
      return undefined;
    }, 'it is idle');
    await accepted.closed;
    await eventually(async () => !(await isAlive(identity)), 'its end');
  });
});
