import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endTree } from '../process/end-tree';
import { runTypeScript, type TypeScriptProcess } from './run-typescript';

export interface StubNxWorkspace {
  root: string;
  /** What the stub of Nx does: see stub-nx.cjs. */
  stub(behaviour: Record<string, unknown>): Promise<void>;
  start(args: string[], env?: Record<string, string | undefined>): Promise<TypeScriptProcess>;
  /** Runs the command line to its end. */
  run(
    args: string[],
    env?: Record<string, string | undefined>,
  ): Promise<{ exitCode: number | undefined; output: string }>;
  /** Ends what a failed test has left running. */
  end(): Promise<void>;
  /** What the stub was asked and what happened to it. */
  log(): Promise<string[]>;
}

/** A workspace without crates whose `nx` is a stub; `folder` is removed by the caller. */
export async function stubNxWorkspace(folder: string): Promise<StubNxWorkspace> {
  const nx = join(folder, 'node_modules', 'nx');
  await mkdir(join(nx, 'bin'), { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'nx.json'), '{}'),
    writeFile(join(folder, 'package.json'), '{"name": "stub-workspace", "private": true}'),
    writeFile(join(nx, 'package.json'), '{"name": "nx", "version": "24.0.6"}'),
    copyFile(join(__dirname, 'stub-nx.cjs'), join(nx, 'bin', 'nx.js')),
  ]);
  const started: TypeScriptProcess[] = [];
  const start: StubNxWorkspace['start'] = async (args, env = {}) => {
    const options = { cwd: folder, env: { ...QUIET, ...env } };
    const child = await runTypeScript(join(__dirname, 'run-cli.ts'), args, options);
    started.push(child);
    return child;
  };
  return {
    root: folder,
    stub: (behaviour) => writeFile(join(folder, 'stub.json'), JSON.stringify(behaviour)),
    start,
    run: async (args, env) => {
      const child = await start(args, env);
      const { exitCode } = await child.exited;
      return { exitCode, output: child.lines.join('\n') };
    },
    end: async () => {
      await Promise.all(started.map(({ identity }) => endTree(identity, { graceMs: 2_000 })));
    },
    log: async () => {
      const text = await readFile(join(folder, 'stub.log'), 'utf8').catch(() => '');
      return text.split('\n').filter(Boolean);
    },
  };
}

const QUIET = { NO_COLOR: '1', FORCE_COLOR: undefined, DATABASE_URL: undefined, REDIS_URL: undefined };

/** The file that `nx --graph` would write, for tasks given as `project:target` with what they wait for. */
export function graphOf(
  tasks: Record<string, string[]>,
  executor = (target: string) => `rust-platform-plugin:${target}`,
): Record<string, unknown> {
  const entries = Object.keys(tasks).map((id) => {
    const [project = '', target = ''] = id.split(':');
    return { id, project, target };
  });
  const projects = [...new Set(entries.map(({ project }) => project))];
  const targetsOf = (project: string) =>
    entries
      .filter((entry) => entry.project === project)
      .map(({ target }) => [target, { executor: executor(target) }] as const);
  return {
    graph: {
      nodes: Object.fromEntries(
        projects.map((project) => [project, { data: { targets: Object.fromEntries(targetsOf(project)) } }]),
      ),
    },
    tasks: {
      tasks: Object.fromEntries(
        entries.map(({ id, project, target }) => [id, { id, target: { project, target }, cache: true }]),
      ),
      dependencies: Object.fromEntries(
        Object.entries(tasks).map(([id, after]) => [id, after.map((dependency) => ({ id: dependency }))]),
      ),
    },
  };
}
