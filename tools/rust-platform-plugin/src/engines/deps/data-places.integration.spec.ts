import { chmod, rename, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isPortFree } from '../../process/ports';
import { createDepsWorkspace, type DepsWorkspace } from '../../testing/deps-workspace';
import { startLeakCheck, type LeakCheck } from '../../testing/leak-check';
import { temporaryBase } from '../postgres/data-place';
import { withPostgres } from '../postgres/connect-postgres';
import { peekCheckout } from './checkout-identity';
import { depsStatus } from './deps-status';
import { resetDeps } from './reset-deps';

jest.setTimeout(180_000);

let leaks: LeakCheck;
let workspace: DepsWorkspace;
const isRoot = userInfo().uid === 0;

beforeEach(async () => {
  leaks = await startLeakCheck();
  // PostgreSQL runs as another user than root and must come to what lies in it.
  await chmod(leaks.folder, 0o711);
  workspace = await createDepsWorkspace();
});

afterEach(async () => {
  await workspace.remove();
  await leaks.end();
});

const dataOf = async (): Promise<string> => {
  const { servers } = await depsStatus(workspace.root, workspace.options, workspace.env);
  return servers[0]?.dataDirectory ?? '';
};

it('keeps the data in the checkout, as the user that PostgreSQL runs as', async () => {
  await workspace.ensure({ needs: ['postgres'] });
  const data = await dataOf();
  expect(data).toMatch(new RegExp(`^${workspace.root}/\\.rust-platform/deps/postgres/\\d+/data$`));
  expect((await stat(data)).uid === 0).toBe(false);
});

it('moves it to the temporary folder when that user cannot come to the checkout, and says so', async () => {
  if (!isRoot) return console.warn('skipped: only root runs PostgreSQL as somebody else');
  await chmod(workspace.root, 0o700);
  await workspace.ensure({ needs: ['postgres'] });
  const checkout = await peekCheckout(workspace.root, '.rust-platform');
  expect(await dataOf()).toBe(
    join(temporaryBase(), checkout?.id ?? '', (await dataOf()).split('/').at(-2) ?? '', 'data'),
  );
  expect(workspace.lines.join('\n')).toMatch(/cannot enter .*, so the files of postgres-\d+ are in /);
  const again = await workspace.ensure({ needs: ['postgres'] });
  expect(again.postgres?.port).toBe(workspace.options.postgresPort);
});

it('ends a server whose data was deleted under it, and starts a new one on its port', async () => {
  await workspace.ensure({ needs: ['redis'] });
  await rm(join(workspace.root, '.rust-platform'), { recursive: true });
  const { redis } = await workspace.ensure({ needs: ['redis'] });
  expect(redis?.port).toBe(workspace.options.redisPort);
  expect(workspace.lines.join('\n')).toMatch(
    /an earlier one of this folder \(pid \d+\) lost its data and was ended/,
  );
});

it('goes on with its running servers when the checkout is moved', async () => {
  const before = await workspace.ensure();
  const moved = `${workspace.root}-moved`;
  await rename(workspace.root, moved);
  try {
    const after = await workspace.ensure({ workspaceRoot: moved });
    expect([after.postgres?.port, after.redis?.port]).toEqual([before.postgres?.port, before.redis?.port]);
  } finally {
    await rename(moved, workspace.root);
  }
});

it('deletes data only by reset', async () => {
  const { postgres } = await workspace.ensure({ needs: ['postgres'] });
  await withPostgres(postgres?.url ?? '', (client) => client.query('CREATE TABLE gone ()'));
  await resetDeps(workspace.root, workspace.options, { report: () => undefined });
  expect(await isPortFree(workspace.options.postgresPort)).toBe(true);
  const fresh = await workspace.ensure({ needs: ['postgres'] });
  const found = await withPostgres(fresh.postgres?.url ?? '', (client) =>
    client.query("SELECT to_regclass('gone') AS gone"),
  );
  expect(found.rows).toEqual([{ gone: null }]);
});
