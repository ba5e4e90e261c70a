import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../process/run';
import type { AdvisoryDatabase } from './audit-types';

/** A folder of advisories for this machine's own use; it is read, never fetched into. Documented in the README. */
export const DATABASE_VARIABLE = 'RUST_PLATFORM_AUDIT_DB';

const DATABASE_HOST = 'github.com';
export const FETCH_TIMEOUT_MS = 20_000;
const FETCH_AGAIN_AFTER_MS = 3_600_000;

/** Folders that may hold advisories, the best first: the one that is given, ours, the one that cargo-audit keeps at home. */
export async function findDatabases(stateFolder: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const given = env[DATABASE_VARIABLE];
  const cargoHome = env['CARGO_HOME'] ?? join(homedir(), '.cargo');
  const folders = given ? [given] : [ownDatabase(stateFolder), join(cargoHome, 'advisory-db')];
  const filled = await Promise.all(
    folders.map(async (folder) => ({ folder, filled: await hasAdvisories(folder) })),
  );
  const described = await Promise.all(
    filled
      .filter((each) => each.filled)
      .map(async ({ folder }) => ({ folder, ...(await describeCommit(folder)) })),
  );
  return described
    .sort((a, b) => (b.committedAt ?? '').localeCompare(a.committedAt ?? ''))
    .map(({ folder }) => folder);
}

export function ownDatabase(stateFolder: string): string {
  return join(stateFolder, 'advisory-db');
}

/**
 * Brings our database up to date by `fetchInto`, which gets a folder and says whether it holds a database afterwards.
 * Tried at most once an hour, and only where the network answers. A first copy that breaks off leaves nothing behind.
 */
export async function refreshDatabase(
  stateFolder: string,
  env: NodeJS.ProcessEnv,
  fetchInto: (folder: string) => Promise<boolean>,
): Promise<void> {
  const own = ownDatabase(stateFolder);
  const stamp = join(stateFolder, 'fetched-at');
  if (env[DATABASE_VARIABLE] || (await isYoung(stamp)) || !(await isOnline(env))) return;
  await mkdir(stateFolder, { recursive: true });
  if (await hasAdvisories(own)) {
    if (await fetchInto(own)) await stampNow(stamp);
    return;
  }
  const draft = `${own}-${process.pid}`;
  try {
    if (!(await fetchInto(draft))) return;
    await rm(own, { recursive: true, force: true });
    await rename(draft, own);
    await stampNow(stamp);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function stampNow(file: string): Promise<void> {
  await writeFile(file, `${new Date().toISOString()}\n`);
}

/** Only the folder's own repository counts, not one that it happens to lie in. */
export async function describeCommit(
  folder: string,
): Promise<Pick<AdvisoryDatabase, 'commit' | 'committedAt'>> {
  const none = { commit: undefined, committedAt: undefined };
  if (!(await stat(join(folder, '.git')).catch(() => undefined))) return none;
  const args = ['-c', 'safe.directory=*', '-C', folder, 'log', '-1', '--format=%H %cI'];
  const result = await run('git', args).catch(() => undefined);
  const [commit, committedAt] = result?.exitCode === 0 ? result.stdout.trim().split(' ') : [];
  return commit && committedAt ? { commit, committedAt } : none;
}

async function hasAdvisories(folder: string): Promise<boolean> {
  const crates = await readdir(join(folder, 'crates')).catch(() => []);
  return crates.length > 0;
}

async function isYoung(stamp: string): Promise<boolean> {
  const found = await stat(stamp).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < FETCH_AGAIN_AFTER_MS;
}

/** Behind a proxy names need not resolve, so there the fetch itself is the question. */
async function isOnline(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env['CARGO_NET_OFFLINE'] === 'true') return false;
  if (env['https_proxy'] ?? env['HTTPS_PROXY'] ?? env['all_proxy'] ?? env['ALL_PROXY']) return true;
  const late = delay(3000, false, { ref: false });
  const found = lookup(DATABASE_HOST).then(
    () => true,
    () => false,
  );
  return Promise.race([found, late]);
}
