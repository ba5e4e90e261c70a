import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endTree } from '../process/end-tree';
import { mergeEnvironment } from '../process/environment';
import { findFreePort } from '../process/ports';
import { spawnChild } from '../process/spawn-child';
import { expectNothingLeft, startLeakCheck, type LeakCheck } from './leak-check';

let check: LeakCheck;
beforeEach(async () => (check = await startLeakCheck()));
afterEach(() => check.end());
const soon = { withinMs: 100 };

it('fails for a process, and passes when it is gone', async () => {
  const child = await spawnChild({ command: 'sleep', args: ['60'], env: mergeEnvironment() });
  await expect(expectNothingLeft(check, soon)).rejects.toThrow(`process ${child.identity.pid}: sleep 60`);
  await endTree(child.identity, { graceMs: 5_000 });
  await expectNothingLeft(check);
});

it('fails for a temporary file', async () => {
  const file = join(check.folder, 'left');
  await writeFile(file, '');
  await expect(expectNothingLeft(check, soon)).rejects.toThrow(`file ${file}`);
  await rm(file);
});

it('fails for an open port', async () => {
  const port = await findFreePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await expect(expectNothingLeft(check, { ...soon, ports: [port] })).rejects.toThrow(`port ${port}: pid`);
  await new Promise((resolve) => server.close(resolve));
});
