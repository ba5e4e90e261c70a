import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { ancestorFolders } from '../../cargo/ancestor-folders';
import { readCargoConfig } from '../../cargo/cargo-config';
import { readLearnedInputs } from '../../cargo/learned-inputs';
import { readRustflags } from '../../cargo/rustflags';
import { DeclaredScan, type DeclaredInputs } from '../../cargo/scan/declared-inputs';
import { filesBelow } from '../../cargo/scan/files-below';
import { gitState } from '../../cargo/scan/git-state';
import { ownFile } from '../../cargo/scan/own-files';
import { ScanCache } from '../../cargo/scan/scan-cache';
import type { CompileInputs } from '../../engines/cargo/distrust-fresh';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { crateClosure } from './crate-closure';

export interface CompileInputsRequest {
  workspaceRoot: string;
  model: ServiceModel;
  /** Of one Cargo workspace. */
  crates: readonly RustCrate[];
  env: NodeJS.ProcessEnv;
}

/**
 * What the crates and those below them are compiled from, beside their sources: what cargo takes no notice of is among
 * it, and a change of that must make cargo look again. A few milliseconds.
 */
export async function compileInputs(request: CompileInputsRequest): Promise<CompileInputs> {
  const { workspaceRoot, model, crates, env } = request;
  const cache = ScanCache.open(workspaceRoot, env);
  const learned = readLearnedInputs(workspaceRoot);
  const scan = new DeclaredScan({ workspaceRoot, crates: model.crates, env, cache, learned });
  const closure = [...new Set(crates.flatMap((crate) => crateClosure(crate, model, true)))];
  const asksGit = closure.some((crate) => scan.of(crate).git);
  const context = { ...request, cache, git: asksGit ? await gitState(workspaceRoot, env) : '' };
  const entries = closure.map((crate): [string, Record<string, string>] => {
    const below = crateClosure(crate, model, true).map((each) => scan.of(each));
    return [crate.root, inputsOf(crate, scan.of(crate), below, context)];
  });
  return { ...Object.fromEntries(entries), '*': flagFiles(request) };
}

interface Context extends CompileInputsRequest {
  cache: ScanCache;
  git: string;
}

function inputsOf(
  crate: RustCrate,
  declared: DeclaredInputs,
  below: DeclaredInputs[],
  { workspaceRoot, env, cache, git }: Context,
): Record<string, string> {
  const root = join(workspaceRoot, crate.root);
  const isOwnSource = (file: string): boolean => file.endsWith('.rs') && file.startsWith(root + sep);
  const found: Record<string, string> = {};
  for (const [file, hash] of Object.entries(declared.content)) if (!isOwnSource(file)) found[file] = hash;
  for (const name of declared.compileEnv) found[`$${name}`] = env[name] ?? '';
  if (declared.git) found['git'] = git;
  if (declared.queries) Object.assign(found, queryInputs(crate, declared, { workspaceRoot, env, cache }));
  if (below.some(({ readsUntracked }) => readsUntracked)) {
    for (const file of declared.files) if (isAsset(file, root, crate)) found[file] = cache.hash(file);
  }
  // Nobody knows what such a macro reads, and cargo expands it only once.
  if (declared.readsUntracked && declared.open.some(({ observable }) => !observable))
    found['?'] = randomUUID();
  return found;
}

function isAsset(file: string, root: string, crate: RustCrate): boolean {
  const path = relative(root, file).split(sep).join('/');
  return !path.endsWith('.rs') && ownFile(path, crate) !== undefined;
}

/** What sqlx checks queries against: its offline data, or a database that may be another one every time. */
function queryInputs(
  { root, cargoRoot }: RustCrate,
  { databaseVariable }: DeclaredInputs,
  { workspaceRoot, env, cache }: { workspaceRoot: string; env: NodeJS.ProcessEnv; cache: ScanCache },
): Record<string, string> {
  const found: Record<string, string> = {};
  const folder = join(workspaceRoot, root);
  const top = join(workspaceRoot, cargoRoot);
  const named = env['SQLX_OFFLINE_DIR'];
  const folders = [join(folder, '.sqlx'), join(top, '.sqlx'), ...(named ? [resolve(top, named)] : [])];
  const data = folders.filter((each) => existsSync(each));
  const dotenv = ancestorFolders(folder)
    .map((each) => join(each, '.env'))
    .filter((file) => existsSync(file));
  for (const file of [...data.flatMap((each) => filesBelow(each) ?? []), ...dotenv])
    found[file] = cache.hash(file);
  for (const name of ['SQLX_OFFLINE', 'SQLX_OFFLINE_DIR', databaseVariable])
    found[`$${name}`] = env[name] ?? '';
  const isLive =
    env[databaseVariable] !== undefined || dotenv.some((file) => textOf(file)?.includes(databaseVariable));
  if (data.length === 0 && isLive) found['database'] = randomUUID();
  return found;
}

/** Of files of flags (`@file`), cargo knows the name alone. */
function flagFiles({ workspaceRoot, crates, env }: CompileInputsRequest): Record<string, string> {
  const found: Record<string, string> = {};
  for (const cargoRoot of new Set(crates.map((crate) => join(workspaceRoot, crate.cargoRoot)))) {
    const manifest = textOf(join(cargoRoot, 'Cargo.toml'))?.toString();
    const { all } = readRustflags({ env, configs: readCargoConfig(cargoRoot, env), manifest });
    for (const flag of all.filter((each) => each.startsWith('@'))) {
      const text = textOf(resolve(cargoRoot, flag.slice(1)));
      found[flag] = text === undefined ? '' : createHash('sha256').update(text).digest('hex');
    }
  }
  return found;
}

function textOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
