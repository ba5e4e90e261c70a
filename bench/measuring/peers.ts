import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { progress } from './figures';
import { successfulCall } from './timed-call';

const VERSIONS = { turbo: '2.11.11', '@monodon/rust': '3.0.0' };

export interface Peers {
  /** Holds `turbo`, `@monodon/rust` and the Nx that this repository uses. */
  nodeModules: string;
  turbo: string;
  versions: string;
  remove(): void;
}

/** Installs the peers from npm; `undefined`, and why, when there is no way to them: then the measurement does without. */
export async function installPeers(): Promise<Peers | undefined> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rp-measure-peers-')));
  const nx = JSON.parse(readFileSync(require.resolve('nx/package.json'), 'utf8')) as { version: string };
  const packages = Object.entries({ ...VERSIONS, nx: nx.version }).map(
    ([name, version]) => `${name}@${version}`,
  );
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    // @monodon/rust asks for an older @nx/devkit, whose peer this Nx is not.
    const args = [
      'install',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--legacy-peer-deps',
      ...packages,
    ];
    await successfulCall('npm', args, { cwd: folder });
    const nodeModules = join(folder, 'node_modules');
    return { nodeModules, turbo: join(nodeModules, '.bin', 'turbo'), versions: packages.join(', '), remove };
  } catch (error) {
    remove();
    progress(`without peers: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** What a user of @monodon/rust writes by hand for each crate. */
export function monodonProject(name: string, root: string): string {
  const clippy = {
    executor: '@monodon/rust:lint',
    cache: true,
    options: { 'target-dir': 'target', 'all-targets': true },
  };
  const build = {
    executor: '@monodon/rust:build',
    cache: true,
    outputs: ['{workspaceRoot}/target/release/{projectName}'],
    options: { 'target-dir': 'target', release: true },
  };
  return JSON.stringify({ name, root, targets: { clippy, build } });
}

export const TURBO_CONFIG = '{ "futureFlags": { "experimentalCargoWorkspaces": true }, "tasks": {} }';
