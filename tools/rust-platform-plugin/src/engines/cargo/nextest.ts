import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformError } from '../../errors';
import { run } from '../../process/run';
import type { CargoEnvironment } from './cargo-environment';
import { manifestArgument, stripAnsi } from './cargo-failures';
import type { CargoSetup } from './cargo-setup';
import { parseNextestJunit, parseNextestSkipped } from './nextest-junit';
import type { TestSuite } from './test-results';
import type { Cargo } from './with-cargo';

/** Exit codes of nextest that say something about the tests. */
const NEXTEST = { passed: 0, testsFailed: 100, listFailed: 104 } as const;

const PROFILE = 'rust-platform';

/** Everything that nextest needs to run the compiled tests without calling cargo again. */
export interface PreparedNextest {
  folder: string;
  arguments: string[];
  junitFile: string;
  dispose(): Promise<void>;
}

export interface NextestRun {
  suites: TestSuite[];
  flaky: string[];
  ignored: number;
  /** A test binary does not speak the protocol of the standard harness; nothing was run. */
  unlistable: boolean;
}

/** cargo also looks beside itself for subcommands, so only cargo can tell. */
export async function hasNextest(cargo: Cargo): Promise<boolean> {
  const call = { subcommand: ['nextest'], args: ['--version'], locked: false, onLine: () => undefined };
  return (await cargo.run(call)).exitCode === 0;
}

/** Must run under the target directory's lock, after `compileTests`; compiles nothing new. */
export async function prepareNextest(cargo: Cargo, setup: CargoSetup): Promise<PreparedNextest> {
  const folder = await mkdtemp(join(tmpdir(), 'rust-platform-nextest-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const files = { binaries: join(folder, 'binaries.json'), metadata: join(folder, 'metadata.json') };
    const config = join(folder, 'nextest.toml');
    const junitFile = join(folder, 'junit.xml');
    await writeFile(files.binaries, await listBinaries(cargo, setup));
    await writeFile(files.metadata, await readMetadata(cargo, setup));
    await writeFile(config, `[profile.${PROFILE}.junit]\npath = ${JSON.stringify(junitFile)}\n`);
    const reuse = [`--binaries-metadata=${files.binaries}`, `--cargo-metadata=${files.metadata}`];
    const args = [...reuse, `--tool-config-file=rust-platform:${config}`, `--profile=${PROFILE}`];
    return { folder, arguments: args, junitFile, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

export async function runNextest(
  cargo: Cargo,
  setup: CargoSetup,
  prepared: PreparedNextest,
  env: CargoEnvironment,
): Promise<NextestRun> {
  const args = [...prepared.arguments, '--no-fail-fast', '--no-tests=pass'];
  const result = await cargo.run({
    subcommand: ['nextest', 'run'],
    args,
    env,
    locked: false,
    runsTests: true,
  });
  const unlistable = result.exitCode === NEXTEST.listFailed;
  if (unlistable) return { suites: [], flaky: [], ignored: 0, unlistable };
  if (result.exitCode !== NEXTEST.passed && result.exitCode !== NEXTEST.testsFailed) {
    throw nextestFailed(setup, `it ended with ${result.signal ?? `exit code ${result.exitCode}`}`);
  }
  const xml = await readFile(prepared.junitFile, 'utf8').catch(() => undefined);
  if (xml === undefined && result.exitCode !== NEXTEST.passed)
    throw nextestFailed(setup, 'it left no report');
  return {
    ...parseNextestJunit(xml ?? ''),
    ignored: parseNextestSkipped(stripAnsi(result.stderr)),
    unlistable,
  };
}

async function listBinaries(cargo: Cargo, setup: CargoSetup): Promise<string> {
  const args = [`-p=${setup.crate.packageName}`, '--list-type=binaries-only', '--message-format=json'];
  return jsonOf(cargo, setup, ['nextest', 'list'], args);
}

async function readMetadata(cargo: Cargo, setup: CargoSetup): Promise<string> {
  const { stdout } = await run('rustc', ['-vV'], { cwd: join(setup.workspaceRoot, setup.crate.cargoRoot) });
  const host = /^host: (.+)$/mu.exec(stdout)?.[1];
  const platform = host === undefined ? [] : [`--filter-platform=${host}`];
  return jsonOf(cargo, setup, ['metadata'], ['--format-version=1', '--all-features', ...platform]);
}

async function jsonOf(
  cargo: Cargo,
  setup: CargoSetup,
  subcommand: string[],
  args: string[],
): Promise<string> {
  const result = await cargo.run({ subcommand, args, onLine: () => undefined });
  if (result.exitCode === 0) return result.stdout;
  throw nextestFailed(setup, `cargo ${subcommand.join(' ')} failed: ${stripAnsi(result.stderr).trim()}`);
}

function nextestFailed({ crate }: CargoSetup, why: string): PlatformError {
  return new PlatformError({
    code: 'nextest-failed',
    what: `cargo nextest could not run the tests of ${crate.packageName}`,
    why,
    fix: [
      `cargo nextest run -p ${crate.packageName}${manifestArgument(crate)}`,
      'cargo install --locked cargo-nextest    (when it is an old one)',
    ],
  });
}
