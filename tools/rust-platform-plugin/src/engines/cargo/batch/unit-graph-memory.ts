import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rustcIdentity } from '../rustc-identity';
import { isPathPackage, type FeaturePlan } from './unit-graph';

/** Where plans of one Cargo workspace are kept: its target directory, so they go when `cargo clean` is run. */
export interface PlanMemory {
  cargoRoot: string;
  targetDirectory: string;
  /** Of the crates that are asked for; a plan does not tell those without anything to compile. */
  folders: string[];
  env: NodeJS.ProcessEnv;
  /** What was read of files, once for all crates of a call. */
  read: Map<string, Promise<string>>;
}

interface Kept {
  fingerprint: string;
  plan: FeaturePlan;
}

/** Change it with the form of what is kept. */
const FORM = 'feature plan 1';

/** The plan that was kept for these arguments, if nothing that it depends on has changed since. */
export async function recallPlan(
  memory: PlanMemory,
  args: readonly string[],
): Promise<FeaturePlan | undefined> {
  try {
    const { fingerprint, plan } = JSON.parse(await readFile(fileOf(memory, args), 'utf8')) as Kept;
    return fingerprint === (await fingerprintOf(memory, plan)) ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that cannot be written to costs the speed only. */
export async function keepPlan(
  memory: PlanMemory,
  args: readonly string[],
  plan: FeaturePlan,
): Promise<void> {
  const file = fileOf(memory, args);
  const kept: Kept = { fingerprint: await fingerprintOf(memory, plan), plan };
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, JSON.stringify(kept));
    await rename(draft, file);
  } catch {
    // As said.
  }
}

function fileOf({ cargoRoot, targetDirectory, env }: PlanMemory, args: readonly string[]): string {
  const name = digest([FORM, cargoRoot, ...args, ...variablesOf(env)]).slice(0, 24);
  return join(targetDirectory, 'rust-platform', 'plans', `${name}.json`);
}

/** They decide which dependencies a platform or a flag brings in. */
const VARIABLES =
  /^(RUSTFLAGS|RUSTC|RUSTC_WRAPPER|RUSTUP_TOOLCHAIN|CARGO_(ENCODED_RUSTFLAGS|HOME|BUILD_|TARGET_|RESOLVER_|UNSTABLE_).*)$/u;

function variablesOf(env: NodeJS.ProcessEnv): string[] {
  const names = Object.keys(env).filter((name) => VARIABLES.test(name) && !name.endsWith('_DIR'));
  return names.sort().map((name) => `${name}=${env[name]}`);
}

async function fingerprintOf(memory: PlanMemory, plan: FeaturePlan): Promise<string> {
  const { cargoRoot, folders: own, env, read } = memory;
  const inPlan = Object.values(plan).flatMap(({ packageId }) => folderOf(packageId) ?? []);
  const folders = [...new Set([cargoRoot, ...own, ...inPlan])];
  const once = (what: string, work: (path: string) => Promise<string>): Promise<string> => {
    const known = read.get(what) ?? work(what);
    read.set(what, known);
    return known;
  };
  const named = async (file: string): Promise<string> => `${file}\n${await once(file, readOr)}`;
  const manifests = [...new Set(folders.flatMap(ancestors))].map((folder) => join(folder, 'Cargo.toml'));
  const files = [join(cargoRoot, 'Cargo.lock'), ...manifests].map(named);
  const config = await Promise.all(configFiles(cargoRoot, env).map(named));
  const layouts = folders.map((folder) => once(`layout of ${folder}`, () => layoutOf(folder)));
  // What a configuration includes is not followed: then nothing is recalled.
  const open = config.some((text) => /^\s*include\s*=/mu.test(text)) ? [randomUUID()] : [];
  const others = await Promise.all([rustcIdentity(cargoRoot), ...files, ...layouts]);
  return digest([...others, ...config, ...open]);
}

function configFiles(cargoRoot: string, env: NodeJS.ProcessEnv): string[] {
  const home = env['CARGO_HOME'] ?? join(env['HOME'] ?? homedir(), '.cargo');
  const folders = [...ancestors(cargoRoot).map((folder) => join(folder, '.cargo')), home];
  return folders.flatMap((folder) => [join(folder, 'config'), join(folder, 'config.toml')]);
}

function folderOf(packageId: string): string | undefined {
  const url = /file:\/\/[^#)?]+/u.exec(packageId)?.[0];
  return isPathPackage(packageId) && url ? fileURLToPath(url) : undefined;
}

function ancestors(folder: string): string[] {
  return folder === dirname(folder) ? [folder] : [folder, ...ancestors(dirname(folder))];
}

/** The files in which cargo finds targets by itself: a first test brings in what tests need. */
async function layoutOf(folder: string): Promise<string> {
  const roots = ['build.rs', 'src/lib.rs', 'src/main.rs'].map((name) => join(folder, name));
  const nested = await Promise.all(
    ['src/bin', 'tests', 'examples', 'benches'].map(async (name) => {
      const entries = await readdir(join(folder, name)).catch(() => []);
      return entries.flatMap((entry) => [join(folder, name, entry), join(folder, name, entry, 'main.rs')]);
    }),
  );
  const found = await Promise.all(
    [...roots, ...nested.flat()].map((file) =>
      stat(file).then(
        (at) => (at.isFile() ? [file] : []),
        () => [],
      ),
    ),
  );
  return found.flat().sort().join('\n');
}

async function readOr(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex');
}
