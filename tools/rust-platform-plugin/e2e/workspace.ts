import { execa } from 'execa';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A checkout of a user of the plugin: the fixture platform, a git repository, Nx and the packed plugin. Its temporary folder,
 * Nx cache and server ports are its own, so that nothing it leaves behind can hide among other processes.
 */
export interface Workspace {
  root: string;
  /** TMPDIR of everything that is started here: locks, sockets, registries. */
  temporary: string;
  postgresPort: number;
  redisPort: number;
  nx(args: string[], options?: CommandOptions): Promise<CommandResult>;
  platform(args: string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts without waiting; `output()` is what it has printed so far. */
  start(command: 'nx' | 'platform', args: string[], options?: CommandOptions): Running;
  write(file: string, text: string): Promise<void>;
  edit(file: string, change: (text: string) => string): Promise<void>;
  read(file: string): Promise<string>;
  report(project: string, target: string): Promise<Record<string, unknown>>;
  commit(message: string): Promise<string>;
  /** Command lines of living processes that belong to this checkout (by environment, arguments or folder). */
  processes(): Promise<string[]>;
  remove(): Promise<void>;
}

export interface CommandOptions {
  env?: Record<string, string | undefined>;
}

export interface CommandResult {
  exitCode: number | undefined;
  /** stdout and stderr, interleaved. */
  output: string;
}

export interface Running {
  process: { kill(signal: NodeJS.Signals): boolean };
  output(): string;
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<void>;
  finished: Promise<CommandResult>;
}

export async function createWorkspace(name: string): Promise<Workspace> {
  const base = await mkdtemp(join(tmpdir(), `rp-e2e-${name}-`));
  // mkdtemp makes it private; PostgreSQL runs as another user when these specs run as root.
  await chmod(base, 0o755);
  const root = join(base, 'checkout');
  const temporary = join(base, 'tmp');
  await mkdir(temporary, { recursive: true });
  await cp(join(__dirname, 'fixture'), root, { recursive: true });
  await symlink(join(installFolder(), 'node_modules'), join(root, 'node_modules'));
  const [postgresPort, redisPort] = [await freePort(), await freePort()];
  await writeFile(join(root, 'nx.json'), nxJson(postgresPort, redisPort));
  await writeFile(join(root, 'package.json'), JSON.stringify({ name, private: true }));
  await writeFile(
    join(root, '.gitignore'),
    ['node_modules', '.nx', '.rust-platform', 'dist', 'target', 'reports', 'logs', ''].join('\n'),
  );
  const workspace = new CheckoutOfFixture(root, temporary, postgresPort, redisPort);
  await workspace.git('init', '-q', '-b', 'main');
  await workspace.commit('fixture');
  return workspace;
}

class CheckoutOfFixture implements Workspace {
  constructor(
    readonly root: string,
    readonly temporary: string,
    readonly postgresPort: number,
    readonly redisPort: number,
  ) {}

  nx(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.start('nx', args, options).finished;
  }

  platform(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.start('platform', args, options).finished;
  }

  start(command: 'nx' | 'platform', args: string[], options: CommandOptions = {}): Running {
    const bin = join(this.root, 'node_modules', '.bin', command === 'nx' ? 'nx' : 'rust-platform');
    const child = execa(process.execPath, [bin, ...args], {
      cwd: this.root,
      env: { ...this.environment(), ...options.env },
      extendEnv: false,
      all: true,
      reject: false,
      stdin: 'ignore',
      cleanup: true,
    });
    let output = '';
    child.all.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const finished = child.then((result) => ({ exitCode: result.exitCode, output: result.all ?? '' }));
    return {
      process: child,
      output: () => output,
      finished,
      waitFor: (pattern, timeoutMs = 120_000) =>
        waitUntil(
          () => pattern.test(output),
          timeoutMs,
          () => `${pattern} in:\n${output}`,
        ),
    };
  }

  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, file)), { recursive: true });
    await writeFile(join(this.root, file), text);
  }

  async edit(file: string, change: (text: string) => string): Promise<void> {
    const before = await this.read(file);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${file} changed nothing`);
    await this.write(file, after);
  }

  read(file: string): Promise<string> {
    return readFile(join(this.root, file), 'utf8');
  }

  async report(project: string, target: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.read(`reports/${project}/${target}.json`)) as Record<string, unknown>;
  }

  async commit(message: string): Promise<string> {
    await this.git('add', '-A');
    await this.git(
      '-c',
      'user.name=e2e',
      '-c',
      'user.email=e2e@localhost',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      message,
    );
    return (await this.git('rev-parse', 'HEAD')).trim();
  }

  async git(...args: string[]): Promise<string> {
    return (await execa('git', args, { cwd: this.root })).stdout;
  }

  async processes(): Promise<string[]> {
    const found: string[] = [];
    for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
      if (Number(pid) === process.pid) continue;
      const facts = await Promise.all(
        ['environ', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      const base = dirname(this.root);
      if (facts[1] && [...facts, cwd].some((text) => text.includes(base)))
        found.push(`${pid} ${facts[1].replaceAll('\0', ' ')}`);
    }
    return found;
  }

  async remove(): Promise<void> {
    await this.platform(['deps', 'stop']);
    await this.nx(['reset']);
    await rm(dirname(this.root), { recursive: true, force: true, maxRetries: 5 });
  }

  /** What a user's shell would hold, and nothing of the Nx run that runs these specs. */
  private environment(): Record<string, string> {
    const inherited = Object.entries(process.env).filter(
      ([name, value]) =>
        value !== undefined &&
        !/^(NX_|RUST_PLATFORM_|JEST_|npm_|LERNA_|CI$|DATABASE_URL|REDIS_URL|DOCKER_HOST|FORCE_COLOR|NODE_OPTIONS)/.test(
          name,
        ),
    ) as Array<[string, string]>;
    return {
      ...Object.fromEntries(inherited),
      TMPDIR: this.temporary,
      NX_CACHE_DIRECTORY: join(dirname(this.root), 'nx-cache'),
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NO_COLOR: '1',
    };
  }
}

export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  timeoutMs: number,
  describe: () => string,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Fails when a process of the checkout lives on; a short wait lets the last ones finish. */
export async function expectNoProcesses(workspace: Workspace): Promise<void> {
  let left: string[] = [];
  await waitUntil(
    async () => (left = await workspace.processes()).length === 0,
    15_000,
    () => `processes of the checkout end, but these live on:\n${left.join('\n')}`,
  );
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function installFolder(): string {
  const folder = process.env['RP_E2E_INSTALL'];
  if (!folder)
    throw new Error(
      'run the end-to-end specs with jest.e2e.config.cjs: its global setup installs the plugin',
    );
  return folder;
}

function nxJson(postgresPort: number, redisPort: number): string {
  const plugin = { plugin: 'rust-platform-plugin', options: { postgresPort, redisPort } };
  return JSON.stringify({ neverConnectToCloud: true, analytics: false, plugins: [plugin] }, undefined, 2);
}
