import { rmSync } from 'node:fs';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { KeyRecord } from '../../src/results/key-record';
import type { RunRecord } from '../../src/results/run-record';
import { temporaryFolder } from '../../src/testing/temporary-folder';
import { compilePlugin, type Patch } from '../compile-plugin';
import { stubTools } from '../stub-tools';
import { Edits } from './edits';
import { linkPackages, stubExecutors } from './install-packages';

/** What Nx says of one task. */
export interface TaskOutcome {
  hash: string;
  /** `success`, `local-cache`, … */
  status: string;
}

export type Outcomes = Record<string, TaskOutcome>;

export interface WorkspaceOptions {
  /** Copied as the repository. */
  fixture: string;
  /** `none`: executors succeed without doing anything. */
  executors: 'none' | 'real';
  patch?: Patch;
  /** Lines of .gitignore and options of the plugin. */
  exclude?: string[];
}

export interface RunOptions {
  targets: readonly string[];
  env?: Record<string, string | undefined>;
  /** Arguments besides. */
  args?: string[];
  /** Another checkout than `root`. */
  cwd?: string;
}

const LIVING = new Set<string>();

/** After a signal: nothing of ours is left in the temporary folder. */
export function removeAllWorkspaces(): void {
  for (const folder of LIVING) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

const IGNORED = ['node_modules', '.nx', '.rust-platform', 'reports', 'dist', 'target', '.env', 'made'];

/** A repository with real Nx and the plugin as it stands in `src`, whose environment is its own. */
export class MutationWorkspace {
  readonly edits: Edits;
  /** Set by mutations; reverted with the files. */
  env: Record<string, string | undefined> = {};
  private runs = 0;

  private constructor(
    /** Everything lies below it. */
    readonly base: string,
    private readonly removeBase: () => Promise<void>,
  ) {
    this.edits = new Edits(base);
  }

  static async create(options: WorkspaceOptions): Promise<MutationWorkspace> {
    const { path, remove } = await temporaryFolder('mutations');
    const workspace = new MutationWorkspace(path, remove);
    LIVING.add(path);
    await workspace.fill(options);
    return workspace;
  }

  get root(): string {
    return join(this.base, 'above', 'checkout');
  }

  /** Absolute path of something in the repository, or beside it with a leading `..`. */
  readonly path = (file: string): string => join(this.root, file);

  /** What the keys of the last run were made of. */
  async keyRecord(checkout = this.root): Promise<KeyRecord> {
    const folder = join(checkout, '.rust-platform');
    const run = JSON.parse(await readFile(join(folder, 'runs', `${this.runId}.json`), 'utf8')) as RunRecord;
    return JSON.parse(await readFile(join(folder, 'keys', `${run.keys}.json`), 'utf8')) as KeyRecord;
  }

  private get runId(): string {
    return `mutations-${this.runs}`;
  }

  async nx({ targets, env = {}, args = [], cwd = this.root }: RunOptions): Promise<Outcomes> {
    const probe = join(this.base, 'tmp', `probe-${++this.runs}.json`);
    const all = ['run-many', '-t', ...targets, '--parallel=2', '--output-style=static', ...args];
    const child = await execa(process.execPath, [require.resolve('nx/bin/nx.js'), ...all], {
      cwd,
      env: this.environment({
        MUTATIONS_PROBE: probe,
        RUST_PLATFORM_RUN_ID: this.runId,
        ...this.env,
        ...env,
      }),
      extendEnv: false,
      reject: false,
      all: true,
      stdin: 'ignore',
      timeout: 300_000,
    });
    this.output = child.all ?? '';
    const text = await readFile(probe, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`Nx left no outcomes:\n${this.output}`);
    await rm(probe);
    return JSON.parse(text) as Outcomes;
  }

  /** What the last run of Nx printed. */
  output = '';

  async revert(): Promise<void> {
    this.env = {};
    await this.edits.revert();
  }

  async remove(): Promise<void> {
    await this.removeBase();
    LIVING.delete(this.base);
  }

  /** What a user's shell would hold: nothing is inherited, so that rows mean the same on every machine. */
  environment(more: Record<string, string | undefined> = {}): Record<string, string> {
    const home = process.env['HOME'] ?? '/root';
    const own = {
      PATH: `${join(this.base, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
      HOME: join(this.base, 'home'),
      USER: 'fixture',
      LANG: 'C.UTF-8',
      TMPDIR: join(this.base, 'tmp'),
      CARGO_HOME: join(this.base, 'cargo-home'),
      RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? join(home, '.rustup'),
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
      NX_CACHE_DIRECTORY: join(this.base, 'cache'),
      NO_COLOR: '1',
      ...more,
    };
    return Object.fromEntries(
      Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  private async fill({ fixture, executors, patch, exclude }: WorkspaceOptions): Promise<void> {
    for (const folder of ['bin', 'home', 'cargo-home', 'tmp', 'plugin']) await mkdir(join(this.base, folder));
    await cp(fixture, this.root, { recursive: true });
    await compilePlugin(join(this.base, 'plugin'), patch);
    if (executors === 'none') await stubExecutors(join(this.base, 'plugin'));
    await linkPackages(join(this.base, 'plugin', 'node_modules'));
    await linkPackages(this.path('node_modules'));
    // Linked from outside node_modules: the content of the plugin counts, not its version.
    await symlink(join(this.base, 'plugin'), this.path('node_modules/rust-platform-plugin'));
    await mkdir(this.path('node_modules/mutation-probe'));
    await cp(join(__dirname, 'probe.cjs'), this.path('node_modules/mutation-probe/index.js'));
    await writeFile(this.path('.gitignore'), `${IGNORED.join('\n')}\n`);
    const plugins = [{ plugin: 'rust-platform-plugin', options: { exclude } }, 'mutation-probe'];
    await writeFile(
      this.path('nx.json'),
      JSON.stringify({ analytics: false, neverConnectToCloud: true, plugins }, undefined, 2),
    );
    await stubTools(join(this.base, 'bin'), executors === 'none');
    await this.git('init', '-q', '-b', 'main');
    await this.git('add', '-A');
    await this.git('-c', 'user.name=m', '-c', 'user.email=m@localhost', 'commit', '-q', '-m', 'fixture');
  }

  private async git(...args: string[]): Promise<void> {
    await execa('git', args, { cwd: this.root, env: this.environment(), extendEnv: false });
  }
}
