import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDeps } from '../engines/deps/ensure-deps';
import type { EnsureDepsRequest, PlatformOptionsLike } from '../engines/deps/deps-types';
import { stopDeps } from '../engines/deps/stop-deps';
import type { DepsEndpoints } from '../engines/endpoints';
import { temporaryBase } from '../engines/postgres/data-place';
import { peekCheckout } from '../engines/deps/checkout-identity';
import { findFreePort } from '../process/ports';
import { platformFacts } from '../process/process-facts';
import { eventually } from './eventually';

/** A checkout in the temporary folder with ports of its own and local servers only. */
export interface DepsWorkspace {
  root: string;
  options: PlatformOptionsLike;
  /** Everything that was reported so far. */
  lines: string[];
  env: NodeJS.ProcessEnv;
  ensure(changes?: Partial<EnsureDepsRequest>): Promise<DepsEndpoints>;
  /** Stops its servers, deletes it, and throws when a process still works in it. */
  remove(): Promise<void>;
}

export async function createDepsWorkspace(
  options: Partial<PlatformOptionsLike> = {},
): Promise<DepsWorkspace> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rp-deps-')));
  // As a checkout has it: others may pass, so that an unprivileged PostgreSQL comes to its data.
  await chmod(root, 0o755);
  const all: PlatformOptionsLike = {
    stateDirectory: '.rust-platform',
    composeFile: 'docker-compose.yml',
    postgresPort: await findFreePort(),
    redisPort: await findFreePort(),
    ...options,
  };
  const lines: string[] = [];
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    RUST_PLATFORM_PROVIDERS: 'given,local',
  };
  return {
    root,
    options: all,
    lines,
    env,
    ensure: (changes = {}) =>
      ensureDeps({
        workspaceRoot: root,
        options: all,
        needs: ['postgres', 'redis'],
        lifetime: { kind: 'pinned' },
        env,
        allowRemote: false,
        report: (line) => lines.push(line),
        ...changes,
      }),
    remove: () => removeWorkspace(root, all),
  };
}

async function removeWorkspace(root: string, options: PlatformOptionsLike): Promise<void> {
  const checkout = await peekCheckout(root, options.stateDirectory);
  await stopDeps(root, options, { report: () => undefined });
  let left: string[] = [];
  // The supervisor of a checkout ends by itself a little after its last client.
  await eventually(
    async () => (left = await processesIn(root)).length === 0,
    () => `left behind:\n${left.join('\n')}`,
  );
  await rm(root, { recursive: true, force: true });
  if (checkout) await rm(join(temporaryBase(), checkout.id), { recursive: true, force: true });
}

/** Processes whose working directory is inside the folder. */
export async function processesIn(folder: string): Promise<string[]> {
  const entries = (await platformFacts().entries()).filter(({ zombie }) => !zombie);
  const details = await Promise.all(
    entries.map(async ({ pid }) => ({ pid, facts: await platformFacts().details(pid) })),
  );
  return details.flatMap(({ pid, facts }) =>
    facts?.cwd?.startsWith(folder) ? [`${pid} ${facts.argv.join(' ')}`] : [],
  );
}
