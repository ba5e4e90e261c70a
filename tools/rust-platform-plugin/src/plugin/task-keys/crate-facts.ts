import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesBelow } from '../../cargo/scan/files-below';
import type { ScanCache } from '../../cargo/scan/scan-cache';
import { scanCrate } from '../../cargo/scan/scan-crate';
import type { RustCrate } from '../../service-model/service-model';
import { ROOT_PACKAGE_FOLDERS } from '../crate-files';
import type { DotenvReader } from './dotenv-variables';
import { clippySettings } from './clippy-settings';
import { digest } from './digest';
import { httpReads } from './http-reads';
import { readVariables } from './read-variables';
import { isToolVariable } from './tool-variables';

/** What one crate depends on, without the crates below it. */
export interface CrateFacts {
  /** Hash of what compiling it depends on, and everything after that. */
  compile: string;
  /** Hash of what running its binaries and tests depends on besides. */
  run: string;
  /** Why its results cannot be told from its key, one sentence each. */
  unknowable: string[];
  /** sqlx asks a database while this crate compiles, unless it is told to work offline. */
  queries: boolean;
  /** Whether environment or `.env` files name a database, and tell sqlx to work offline; where they disagree: not. */
  database: boolean;
  offline: boolean;
}

export interface FactsRequest {
  workspaceRoot: string;
  crate: RustCrate;
  /** Folders of all crates, absolute. */
  roots: ReadonlySet<string>;
  env: NodeJS.ProcessEnv;
  cache: ScanCache;
  dotenv: DotenvReader;
}

export function crateFacts(request: FactsRequest): CrateFacts {
  const { workspaceRoot, crate, roots, env, cache, dotenv } = request;
  const root = join(workspaceRoot, crate.root);
  const scan = scanCrate({
    root,
    targetSources: (crate.targetSources ?? []).map((file) => join(workspaceRoot, file)),
    sourceFolders: crate.root === '.' ? [...ROOT_PACKAGE_FOLDERS, 'build'] : undefined,
    otherRoots: roots,
    repository: workspaceRoot,
    cache,
  });
  const files = dotenv.upwards(root);
  // A file without such a variable must not count: every task would miss when somebody adds one.
  const valuesOf = (isWanted: (name: string) => boolean) =>
    files.flatMap(({ file, values }) => {
      const wanted = Object.entries(values).filter(([name]) => isWanted(name));
      return wanted.length > 0 ? [[relative(workspaceRoot, file), wanted]] : [];
    });
  const compiles = new Set(scan.compileEnv);
  const valuesFor = (name: string) => [env[name], ...files.map(({ values }) => values[name])];
  const http = httpReads(crate, workspaceRoot, cache);
  const outside = crate.externalPathDependencies.map((folder) => contentBelow(folder, request));
  const offline = scan.queries ? offlineData(request, root) : [];
  return {
    compile: digest([
      Object.entries(scan.content)
        .map(([file, hash]) => `${relative(workspaceRoot, file)} ${hash}`)
        .sort(),
      scan.compileEnv.map((name) => [name, env[name] ?? null]),
      valuesOf(
        (name) =>
          compiles.has(name) || isToolVariable(name) || (scan.queries && /^(DATABASE_URL|SQLX_)/.test(name)),
      ),
      scan.bakesPath ? workspaceRoot : null,
      outside,
      offline,
      files.flatMap(({ values }) =>
        clippySettings(values['CLIPPY_CONF_DIR'], join(workspaceRoot, crate.cargoRoot)),
      ),
    ]),
    run: digest([
      readVariables({ names: scan.runtimeEnv, any: scan.anyEnv || http.anyEnv }, env),
      valuesOf(() => true),
      http.variables,
    ]),
    unknowable: scan.unresolved.map((text) => text.replaceAll(`${workspaceRoot}/`, '')),
    queries: scan.queries,
    database: valuesFor('DATABASE_URL').some(Boolean),
    offline: areAllOn(valuesFor('SQLX_OFFLINE')),
  };
}

/** Facts of a crate that could not be read: different each time, so that its tasks run and tell what is wrong. */
export function unknownFacts(crate: RustCrate, error: unknown): CrateFacts {
  return {
    compile: randomUUID(),
    run: randomUUID(),
    unknowable: [`what ${crate.root} depends on could not be read: ${messageOf(error)}`],
    queries: false,
    database: false,
    offline: false,
  };
}

/** In one line, since reasons are listed by lines. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ');
}

function areAllOn(values: Array<string | undefined>): boolean {
  const given = values.filter((value) => value !== undefined);
  return given.length > 0 && given.every((value) => /^(true|1)$/i.test(value));
}

/** A path dependency that is no project: whether git knows its files or not, and wherever it lies. */
function contentBelow(folder: string, { cache, workspaceRoot }: FactsRequest): unknown {
  const files = filesBelow(folder) ?? [];
  return [relative(workspaceRoot, folder), files.map((file) => [relative(folder, file), cache.hash(file)])];
}

/** `.sqlx` of the crate and of its Cargo workspace, or the folder that SQLX_OFFLINE_DIR names. */
function offlineData({ crate, env, cache, workspaceRoot }: FactsRequest, root: string): unknown {
  const named = env['SQLX_OFFLINE_DIR'];
  const cargoRoot = join(workspaceRoot, crate.cargoRoot);
  const folders = [join(root, '.sqlx'), join(cargoRoot, '.sqlx'), ...(named ? [join(cargoRoot, named)] : [])];
  return [...new Set(folders)]
    .filter((folder) => existsSync(folder))
    .map((folder) =>
      (filesBelow(folder) ?? []).map((file) => [relative(workspaceRoot, file), cache.hash(file)]),
    );
}
