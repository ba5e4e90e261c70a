import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { timedCall, type Call } from './timed-call';

const REPOSITORY = join(__dirname, '..', '..');
const PLUGIN = join(REPOSITORY, 'tools', 'rust-platform-plugin');

/** An Nx workspace in a temporary folder, with caches and daemon of its own. */
export interface MeasuredWorkspace {
  root: string;
  nx(args: readonly string[], env?: Record<string, string | undefined>): Promise<Call>;
  /** Forgets caches, graph and results. */
  forget(): void;
  /** So that cargo, too, starts from nothing. */
  forgetAll(): void;
  remove(): Promise<void>;
}

/** By name: installed like a package from the registry. `none`: `plugins: []`. */
export type PluginChoice =
  | 'rust-platform-plugin'
  | 'none'
  | { name: string; files: Record<string, string> }
  /** Installed elsewhere, with an Nx beside it. */
  | { name: string; nodeModules: string };

export function measuredWorkspace(
  name: string,
  plugin: PluginChoice,
  generate: (root: string) => void,
): MeasuredWorkspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `rp-measure-${name}-`)));
  generate(root);
  const pluginName = installPlugin(root, plugin);
  const plugins = pluginName === undefined ? [] : [{ plugin: pluginName }];
  writeFiles(root, {
    'package.json': '{ "name": "measure", "private": true }',
    'nx.json': JSON.stringify({ neverConnectToCloud: true, analytics: false, plugins }),
    '.gitignore': 'node_modules\n.nx\n.rust-platform\nreports\ndist\ntarget\n.turbo\n.watch\n',
  });
  execFileSync('git', ['init', '-q'], { cwd: root });
  const nx: MeasuredWorkspace['nx'] = (args, env = {}) =>
    timedCall(process.execPath, [join(root, 'node_modules/.bin/nx'), ...args], {
      cwd: root,
      env: { ...plainEnvironment(root), ...env },
    });
  return {
    root,
    nx,
    forget: () => rmSync(join(root, '.nx'), { recursive: true, force: true }),
    forgetAll: () => {
      for (const folder of ['.nx', '.rust-platform', 'target', 'dist', 'reports', '.turbo'])
        rmSync(join(root, folder), { recursive: true, force: true });
    },
    remove: async () => {
      if (existsSync(join(root, '.nx'))) await nx(['daemon', '--stop'], { NX_DAEMON: 'true' });
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Whoever measures may itself run in a task, or in CI. */
function plainEnvironment(root: string): Record<string, string | undefined> {
  const strange = Object.keys(process.env).filter((name) =>
    /^(NX_|RUST_PLATFORM_|CARGO_TARGET_DIR$|CI$)/u.test(name),
  );
  return {
    ...Object.fromEntries(strange.map((name) => [name, undefined])),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_CACHE_DIRECTORY: join(root, '.nx', 'cache'),
  };
}

export function writeFiles(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

function linkPackages(target: string): void {
  const source = join(REPOSITORY, 'node_modules');
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(source).filter(
    (each) => each !== 'rust-platform-plugin' && each !== '.cache',
  )) {
    symlinkSync(join(source, name), join(target, name));
  }
}

function installPlugin(root: string, plugin: PluginChoice): string | undefined {
  if (typeof plugin === 'object' && 'nodeModules' in plugin) {
    symlinkSync(plugin.nodeModules, join(root, 'node_modules'));
    return plugin.name;
  }
  linkPackages(join(root, 'node_modules'));
  if (plugin === 'none') return undefined;
  if (plugin !== 'rust-platform-plugin') {
    writeFiles(join(root, 'node_modules', plugin.name), plugin.files);
    return plugin.name;
  }
  if (!existsSync(join(PLUGIN, 'dist', 'index.js')))
    throw new Error('the plugin is not built: npm run build in tools/rust-platform-plugin');
  const folder = join(root, 'node_modules', plugin);
  for (const part of ['package.json', 'executors.json', 'bin', 'dist', 'src/executors']) {
    const filter = (file: string): boolean => !/\.spec\.|\.impl\.ts$/u.test(file);
    cpSync(join(PLUGIN, part), join(folder, part), { recursive: true, filter });
  }
  return plugin;
}
