import { execa } from 'execa';
import { mkdir, readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RemoteCacheServer } from '../src/testing/remote-cache-server';
import { createWorkspace, freePort, waitUntil, type CommandResult, type Workspace } from './workspace';

/** One member of a team: a checkout, a home and a CARGO_HOME of its own, and the remote cache of all. */
export interface Member {
  workspace: Workspace;
  /** Plain `nx`. */
  run(args: string[], env?: Record<string, string | undefined>): Promise<Run>;
  platform(args: string[], env?: Record<string, string | undefined>): Promise<CommandResult>;
}

export interface Run extends CommandResult {
  /** Ids of the tasks by where their result came from; only of those that can be cached. */
  misses: string[];
  local: string[];
  remote: string[];
}

export interface Team {
  server: RemoteCacheServer;
  token: string;
  /** Of every workspace, besides the fixture; relative path → text. */
  files: Record<string, string>;
}

/** A clone in a folder of its own; `like` gives it the same nx.json, in which the ports of the fixture stand. */
export async function joinTeam(name: string, { server, token, files }: Team, like?: Member): Promise<Member> {
  const workspace = await createWorkspace(name);
  for (const [file, text] of Object.entries(files)) await workspace.write(file, text);
  await workspace.edit('rust/Cargo.toml', (text) =>
    text.replace('members = [', 'members = ["baked", "made", '),
  );
  if (like) await workspace.write('nx.json', await like.workspace.read('nx.json'));
  const home = join(dirname(workspace.root), 'home');
  await mkdir(home);
  const environment = {
    HOME: home,
    CARGO_HOME: join(home, 'cargo'),
    RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(homedir(), '.rustup'),
    NX_SELF_HOSTED_REMOTE_CACHE_SERVER: server.url,
    NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: token,
  };
  await execa('cargo', ['generate-lockfile', '--offline'], {
    cwd: join(workspace.root, 'rust'),
    env: environment,
  });
  await workspace.commit('baked');
  if (like) await age(join(workspace.root, 'rust'));
  let runs = 0;
  return {
    workspace,
    platform: (args, env) => workspace.platform(args, { env: { ...environment, ...env } }),
    run: async (args, env = {}) => {
      const runId = `${name}-${++runs}`;
      const done = await workspace.nx(args, { env: { ...environment, RUST_PLATFORM_RUN_ID: runId, ...env } });
      return { ...done, ...(await cachesOf(workspace, runId)) };
    },
  };
}

async function cachesOf(
  workspace: Workspace,
  runId: string,
): Promise<Pick<Run, 'misses' | 'local' | 'remote'>> {
  const text = await workspace.read(`.rust-platform/runs/${runId}.json`).catch(() => '{ "tasks": [] }');
  const { tasks } = JSON.parse(text) as { tasks: Array<{ id: string; target: string; cache: string }> };
  const those = (cache: string) =>
    tasks
      .filter((task) => task.cache === cache && task.target !== 'audit')
      .map(({ id }) => id)
      .sort();
  return { misses: those('miss'), local: those('local'), remote: those('remote') };
}

/** As after another checkout: files are years older. */
async function age(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile())
      await utimes(join(entry.parentPath ?? entry.path, entry.name), 1_600_000_000, 1_600_000_000);
  }
}

export interface CompilerCache {
  env: Record<string, string>;
  compilations(): Promise<number>;
  stop(): Promise<void>;
}

/** sccache where it is installed, else a wrapper that only runs rustc. */
export async function compilerCache(folder: string): Promise<CompilerCache> {
  const isInstalled = await execa('sccache', ['--version']).then(
    () => true,
    () => false,
  );
  return isInstalled ? sccache(folder) : wrapper(folder);
}

async function wrapper(folder: string): Promise<CompilerCache> {
  const [file, log] = [join(folder, 'wrapper'), join(folder, 'wrapper.log')];
  await writeFile(file, `#!/bin/sh\necho >> '${log}'\nexec "$@"\n`, { mode: 0o755 });
  return {
    env: { RUSTC_WRAPPER: file },
    compilations: async () => (await readFile(log, 'utf8')).length,
    stop: async () => undefined,
  };
}

async function sccache(folder: string): Promise<CompilerCache> {
  const env = {
    RUSTC_WRAPPER: 'sccache',
    SCCACHE_DIR: join(folder, 'sccache'),
    SCCACHE_SERVER_PORT: String(await freePort()),
    CARGO_INCREMENTAL: '0',
  };
  const isGone = async () =>
    (await execa('sccache', ['--stop-server'], { env, reject: false })).exitCode !== 0;
  return {
    env,
    compilations: async () => {
      const { stdout } = await execa('sccache', ['--show-stats'], { env });
      return Number(/^Compile requests +(\d+)/m.exec(stdout)?.[1]);
    },
    stop: () => waitUntil(isGone, 15_000, () => 'sccache ends'),
  };
}
