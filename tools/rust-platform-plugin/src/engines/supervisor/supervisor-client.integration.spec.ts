import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { ownIdentity } from '../../process/process-identity';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { connectSupervisor } from '.';
import { JsonConnection } from './json-connection';
import { pluginVersion, type ClientMessage, type SupervisorMessage } from './protocol';
import { supervisorPaths } from './supervisor-paths';

jest.setTimeout(60_000);

let check: LeakCheck;
let workspace: TemporaryFolder;
let old: Server;
beforeEach(async () => {
  check = await startLeakCheck();
  workspace = await temporaryFolder('workspace');
});
afterEach(async () => {
  await expectNothingLeft(check);
  await workspace.remove();
  await check.end();
});

/** A supervisor of version 0.0.1 as its clients see it. */
async function startOld(answer: 'busy' | 'retiring'): Promise<void> {
  const { socket } = await supervisorPaths(workspace.path);
  old = createServer((client) => {
    const connection = new JsonConnection<ClientMessage, SupervisorMessage>(client);
    connection.listen(({ type }) => {
      if (type === 'hello') {
        connection.send({ type: 'welcome', protocol: 1, version: '0.0.1', identity: ownIdentity() });
      }
      if (type !== 'retire') return;
      connection.send(answer === 'busy' ? { type: 'busy', services: ['api (serve)'] } : { type: 'retiring' });
      if (answer === 'busy') return;
      connection.close();
      old.close();
    });
  });
  await new Promise<void>((resolve) => old.listen(socket, resolve));
}

it('replaces an idle supervisor of another version', async () => {
  await startOld('retiring');
  const client = await connectSupervisor(workspace.path);
  expect(await client.list()).toEqual([]);
  client.close();
});

it('leaves a busy supervisor of another version alone and says how to end it', async () => {
  await startOld('busy');
  await expect(connectSupervisor(workspace.path)).rejects.toMatchObject({
    code: 'supervisor-version',
    what: expect.stringContaining(`version 0.0.1 of the plugin; this is ${pluginVersion()}`),
    why: 'it is at work: api (serve)',
    fix: expect.arrayContaining([expect.stringContaining(`kill ${process.pid}`)]),
  });
  await new Promise((resolve) => old.close(resolve));
  rmSync((await supervisorPaths(workspace.path)).socket, { force: true });
});
