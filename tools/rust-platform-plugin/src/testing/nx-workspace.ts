import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run, type RunResult } from '../process/run';
import { temporaryFolder } from './temporary-folder';
import { writeFiles } from './write-files';

/**
 * A workspace with the real Nx and this plugin as it stands in src, whose executors do nothing but succeed: for specs of
 * what Nx makes of inferred projects and hooks. Packed and installed it is tested in e2e/.
 */
export interface NxWorkspace {
  root: string;
  write(files: Record<string, string>): Promise<void>;
  nx(args: string[], env?: Record<string, string | undefined>): Promise<RunResult>;
  /** Runs and tells which tasks were hits and which were not, by the record that the plugin leaves. */
  results(
    args: string[],
    env?: Record<string, string | undefined>,
  ): Promise<{ hits: string[]; misses: string[] }>;
  remove(): Promise<void>;
}

const PLUGIN = join(__dirname, '..', '..');

export async function nxWorkspace(files: Record<string, string>): Promise<NxWorkspace> {
  const { path: root, remove } = await temporaryFolder('nx');
  await linkPackages(join(root, 'node_modules'));
  await installPlugin(join(root, 'node_modules', 'rust-platform-plugin'));
  await writeFiles(root, {
    'nx.json': JSON.stringify({
      analytics: false,
      neverConnectToCloud: true,
      plugins: ['rust-platform-plugin'],
    }),
    'package.json': '{ "name": "fixture", "private": true }',
    '.gitignore': [
      'node_modules',
      '.nx',
      '.rust-platform',
      'reports',
      'dist',
      'target',
      '.env',
      'cache',
      '',
    ].join('\n'),
    ...files,
  });
  let runs = 0;
  const nx: NxWorkspace['nx'] = (args, env = {}) =>
    run(process.execPath, [require.resolve('nx/bin/nx.js'), ...args], {
      cwd: root,
      env: { ...withoutNx(), ...SETTINGS, NX_CACHE_DIRECTORY: join(root, 'cache'), ...env },
      timeoutMs: 120_000,
    });
  return {
    root,
    remove,
    nx,
    write: (more) => writeFiles(root, more),
    results: async (args, env) => {
      const runId = `run-${++runs}`;
      const { stdout, stderr } = await nx(args, { RUST_PLATFORM_RUN_ID: runId, ...env });
      const record = await readFile(join(root, '.rust-platform/runs', `${runId}.json`), 'utf8').catch(() => {
        throw new Error(`Nx left no record:\n${stdout}\n${stderr}`);
      });
      const { tasks } = JSON.parse(record) as { tasks: Array<{ id: string; cache: string }> };
      const those = (isHit: boolean) =>
        tasks.filter(({ cache }) => (cache !== 'miss') === isHit).map(({ id }) => id);
      return { hits: those(true).sort(), misses: those(false).sort() };
    },
  };
}

const SETTINGS = {
  NX_DAEMON: 'false',
  NX_ISOLATE_PLUGINS: 'false',
  NX_NO_CLOUD: 'true',
  NX_TUI: 'false',
  CI: undefined,
};

/** The specs may themselves run in a task of Nx. */
function withoutNx(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^(NX_|RUST_PLATFORM_)/.test(name));
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

async function linkPackages(target: string): Promise<void> {
  const source = dirname(dirname(require.resolve('nx/package.json')));
  await mkdir(target, { recursive: true });
  for (const name of await readdir(source)) {
    if (name !== 'rust-platform-plugin') await symlink(join(source, name), join(target, name));
  }
}

async function installPlugin(folder: string): Promise<void> {
  const { executors } = JSON.parse(await readFile(join(PLUGIN, 'executors.json'), 'utf8')) as {
    executors: Record<string, { schema: string }>;
  };
  await writeFiles(folder, {
    'package.json': JSON.stringify({
      name: 'rust-platform-plugin',
      version: '0.0.0',
      main: 'index.cjs',
      executors: 'executors.json',
    }),
    'index.cjs': `require(${JSON.stringify(join(__dirname, 'register-typescript.cjs'))});\nmodule.exports = require(${JSON.stringify(join(PLUGIN, 'src/index.ts'))});\n`,
    'succeed.cjs': 'exports.default = async () => ({ success: true });\n',
    'schema.json': '{ "type": "object", "properties": {} }',
  });
  const stubs = Object.keys(executors).map((name) => [
    name,
    { implementation: './succeed.cjs', schema: './schema.json' },
  ]);
  await writeFile(join(folder, 'executors.json'), JSON.stringify({ executors: Object.fromEntries(stubs) }));
}
