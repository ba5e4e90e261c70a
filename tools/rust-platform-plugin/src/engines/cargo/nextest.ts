import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlatformError } from '../../errors';
import type { CargoEnvironment } from './cargo-environment';
import { manifestArgument, stripAnsi } from './cargo-failures';
import type { CargoSetup } from './cargo-setup';
import { parseNextestJunit, parseNextestSkipped } from './nextest-junit';
import { rustcVersion } from './rustc-identity';
import type { TestSuite } from './test-results';
import type { Held } from './compile-crate';
import type { Cargo, CargoResult } from './cargo';

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

const present = new Map<string, Promise<boolean>>();

/** cargo also looks beside itself for subcommands, so only cargo can tell; asked once per process. */
export function hasNextest(cargo: Cargo, { workspaceRoot, crate, env = {} }: CargoSetup): Promise<boolean> {
  const place = JSON.stringify([workspaceRoot, crate.cargoRoot, env['PATH']]);
  const call = { subcommand: ['nextest'], args: ['--version'], locked: false, onLine: () => undefined };
  const asked = present.get(place) ?? cargo.run(call).then(({ exitCode }) => exitCode === 0);
  present.set(place, asked);
  return asked;
}

/** Must run under the target directory's lock, after the tests of the crate were compiled; compiles nothing new. */
export async function prepareNextest(
  cargo: Cargo,
  setup: CargoSetup,
  { packageId, together, env }: { packageId: string } & Pick<Held, 'together' | 'env'>,
): Promise<PreparedNextest> {
  const folder = await mkdtemp(join(tmpdir(), 'rust-platform-nextest-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const files = { binaries: join(folder, 'binaries.json'), metadata: join(folder, 'metadata.json') };
    const config = join(folder, 'nextest.toml');
    const junitFile = join(folder, 'junit.xml');
    const listed = await listOnce(cargo, together, env);
    if ('problem' in listed) throw nextestFailed(setup, listed.problem);
    await writeFile(files.binaries, binariesOf(listed.binaries, packageId));
    await writeFile(files.metadata, listed.metadata);
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

type Listed = { binaries: string; metadata: string } | { problem: string };

const lists = new WeakMap<readonly CargoSetup[], Promise<Listed>>();

/** Once for all crates that were compiled together. */
function listOnce(cargo: Cargo, together: readonly CargoSetup[], env: CargoEnvironment): Promise<Listed> {
  const asked = lists.get(together) ?? list(cargo, together, env);
  lists.set(together, asked);
  return asked;
}

async function list(cargo: Cargo, together: readonly CargoSetup[], env: CargoEnvironment): Promise<Listed> {
  const packages = together.map(({ crate }) => `-p=${crate.packageName}`);
  const args = [...packages, '--list-type=binaries-only', '--message-format=json'];
  const binaries = await cargo.run({ subcommand: ['nextest', 'list'], args, env, onLine: () => undefined });
  if (binaries.exitCode !== 0) return { problem: `cargo nextest list failed: ${wordsOf(binaries)}` };
  const metadata = await readMetadata(cargo, together[0]);
  if (metadata.exitCode !== 0) return { problem: `cargo metadata failed: ${wordsOf(metadata)}` };
  return { binaries: binaries.stdout, metadata: metadata.stdout };
}

function wordsOf({ stderr }: CargoResult): string {
  return stripAnsi(stderr).trim();
}

/** The part of a list that belongs to one package. */
function binariesOf(list: string, packageId: string): string {
  const parsed = JSON.parse(list) as { 'rust-binaries': Record<string, { 'package-id': string }> };
  const own = Object.entries(parsed['rust-binaries']).filter(
    ([, binary]) => binary['package-id'] === packageId,
  );
  return JSON.stringify({ ...parsed, 'rust-binaries': Object.fromEntries(own) });
}

async function readMetadata(cargo: Cargo, setup: CargoSetup | undefined): Promise<CargoResult> {
  const cwd = setup && join(setup.workspaceRoot, setup.crate.cargoRoot);
  const host = cwd === undefined ? undefined : (await rustcVersion(cwd)).host;
  const platform = host === undefined ? [] : [`--filter-platform=${host}`];
  const args = ['--format-version=1', '--all-features', ...platform];
  return cargo.run({ subcommand: ['metadata'], args, onLine: () => undefined });
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
