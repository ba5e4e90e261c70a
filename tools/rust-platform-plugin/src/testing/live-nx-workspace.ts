import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mergeEnvironment } from '../process/environment';
import { run, type RunResult } from '../process/run';
import { spawnChild, type Child } from '../process/spawn-child';
import { readTaskReport } from '../results/task-report-file';
import type { TaskReport } from '../results/task-report';
import { writeCargoWorkspace, type CargoWorkspaceFiles } from './cargo-workspace';
import { temporaryFolder } from './temporary-folder';
import { writeFiles } from './write-files';

/** A Cargo workspace below the real Nx, with this plugin and its executors as they stand in src. */
export interface LiveNxWorkspace {
  root: string;
  write(files: Record<string, string>): Promise<void>;
  /** Both streams in `stdout`. */
  nx(args: string[], env?: Record<string, string | undefined>): Promise<RunResult>;
  /** The same, to be sent signals while it runs. */
  start(args: string[]): Promise<Child>;
  report(project: string, target: string): Promise<TaskReport | undefined>;
  remove(): Promise<void>;
}

const PLUGIN = join(__dirname, '..', '..');
const REGISTER = JSON.stringify(join(__dirname, 'register-typescript.cjs'));

export async function liveNxWorkspace(workspace: CargoWorkspaceFiles): Promise<LiveNxWorkspace> {
  const { path: root, remove } = await temporaryFolder('live');
  await linkPackages(join(root, 'node_modules'));
  await installPlugin(join(root, 'node_modules', 'rust-platform-plugin'));
  await writeCargoWorkspace(root, workspace);
  await writeFiles(root, {
    'nx.json': JSON.stringify({
      analytics: false,
      neverConnectToCloud: true,
      plugins: ['rust-platform-plugin'],
    }),
    'package.json': '{ "name": "fixture", "private": true }',
    '.gitignore': 'node_modules\n.nx\n.rust-platform\nreports\ndist\ntarget\n.env\ncache\n',
    ...workspace.files,
  });
  const command = {
    args: [require.resolve('nx/bin/nx.js')],
    env: { ...withoutNx(), ...SETTINGS, NX_CACHE_DIRECTORY: join(root, 'cache') },
  };
  return {
    root,
    remove,
    start: (args) =>
      spawnChild({
        command: process.execPath,
        args: [...command.args, ...args],
        cwd: root,
        env: mergeEnvironment(command.env),
      }),
    write: (files) => writeFiles(root, files),
    nx: async (args, env = {}) => {
      const options = { cwd: root, env: { ...command.env, ...env }, timeoutMs: 240_000 };
      const result = await run(process.execPath, [...command.args, ...args], options);
      return { ...result, stdout: result.stdout + result.stderr };
    },
    report: (project, target) => readTaskReport(root, 'reports', { project, target }),
  };
}

const SETTINGS = {
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  CI: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  RUST_BACKTRACE: '0',
};

/** The specs may themselves run in a task of Nx. */
function withoutNx(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^(NX_|RUST_PLATFORM_(?!TEST_ID))/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

async function linkPackages(target: string): Promise<void> {
  const source = dirname(dirname(require.resolve('nx/package.json')));
  await mkdir(target, { recursive: true });
  for (const name of await readdir(source)) {
    if (name !== 'rust-platform-plugin') await symlink(join(source, name), join(target, name));
  }
}

interface Executor {
  implementation: string;
  batchImplementation?: string;
  schema: string;
}

async function installPlugin(folder: string): Promise<void> {
  const { executors } = JSON.parse(await readFile(join(PLUGIN, 'executors.json'), 'utf8')) as {
    executors: Record<string, Executor>;
  };
  const files: Record<string, string> = {};
  const entryOf = (implementation: string): string => {
    const source = join(PLUGIN, implementation.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
    const name = `${implementation.replace(/^.*\//, '').replace(/\.js$/, '')}.cjs`;
    files[name] = `require(${REGISTER});\nmodule.exports = require(${JSON.stringify(source)});\n`;
    return `./${name}`;
  };
  const live = Object.entries(executors).map(([name, executor]) => {
    const { implementation, batchImplementation, schema } = executor;
    files[`${name}.schema.json`] = readFileSync(join(PLUGIN, schema), 'utf8');
    const batch =
      batchImplementation === undefined ? {} : { batchImplementation: entryOf(batchImplementation) };
    return [
      name,
      { ...executor, implementation: entryOf(implementation), ...batch, schema: `./${name}.schema.json` },
    ];
  });
  await writeFiles(folder, {
    ...files,
    'package.json': JSON.stringify({
      name: 'rust-platform-plugin',
      version: '0.0.0',
      main: 'index.cjs',
      executors: 'executors.json',
    }),
    'index.cjs': `require(${REGISTER});\nmodule.exports = require(${JSON.stringify(join(PLUGIN, 'src/index.ts'))});\n`,
    'executors.json': JSON.stringify({ executors: Object.fromEntries(live) }),
  });
}
