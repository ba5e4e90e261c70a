import { join, relative, sep } from 'node:path';
import { readCargoFiles } from './cargo-fingerprint';
import type { CargoAnswer } from './read-afresh';
import { matchesGlob } from './match-glob';
import { pluginVersion } from './plugin-version';
import { readDataFile, workspaceDataFile, writeDataFile } from './workspace-data';

export interface ReadRequest {
  /** Root of the repository, absolute. */
  workspaceRoot: string;
  /** Every Cargo.toml of the repository, relative to the root. */
  manifests: readonly string[];
  /** Globs over manifests or their folders; an excluded workspace root leaves its whole workspace out. */
  exclude?: readonly string[];
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

export interface CargoReading extends CargoAnswer {
  /** Text of each manifest by its absolute path. */
  texts: Map<string, string>;
  /** Names of everything in the folder of each manifest. */
  names: Map<string, ReadonlySet<string>>;
}

interface CachedAnswer {
  fingerprint: string;
  answer: CargoAnswer;
}

/**
 * All Cargo workspaces of a repository with the members that lie in it. cargo answers once per change of the Cargo files;
 * where it cannot, the manifests do. Rejects only when `signal` aborts.
 */
export async function readCargoWorkspaces(request: ReadRequest): Promise<CargoReading> {
  const { workspaceRoot, exclude = [], env = process.env } = request;
  const manifests = request.manifests.filter((manifest) => !isExcluded(manifest, exclude));
  const files = readCargoFiles(
    manifests.map((manifest) => join(workspaceRoot, manifest)),
    env,
    [pluginVersion(), workspaceRoot],
  );
  const { texts, names } = files;
  const cacheFile = workspaceDataFile(workspaceRoot, 'cargo', env);
  const cached = readDataFile(cacheFile, isCachedAnswer);
  if (cached?.fingerprint === files.fingerprint) return { ...cached.answer, texts, names };
  // Loaded only here: what was read before needs none of it.
  const { readAfresh } = require('./read-afresh') as typeof import('./read-afresh');
  const answer = await readAfresh(files, workspaceRoot, env, request.signal);
  if (isWorthKeeping(answer)) writeDataFile(cacheFile, { fingerprint: files.fingerprint, answer });
  return { ...answer, texts, names };
}

/** Only what cargo said without reserve: an empty or makeshift answer must not outlive its cause. */
function isWorthKeeping({ workspaces, problems }: CargoAnswer): boolean {
  const complete = workspaces.every(({ source, problem }) => source === 'cargo' && !problem);
  return complete && problems.length === 0 && workspaces.length > 0;
}

function isExcluded(manifest: string, exclude: readonly string[]): boolean {
  const folder = manifest.replace(/\/?Cargo\.toml$/, '') || '.';
  return exclude.some((glob) => matchesGlob(manifest, glob) || matchesGlob(folder, glob));
}

function isCachedAnswer(value: unknown): value is CachedAnswer {
  const cached = value as CachedAnswer | null;
  return typeof cached?.fingerprint === 'string' && Array.isArray(cached.answer?.workspaces);
}

const UNRESOLVED = /\/(\.{0,2}\/|\.{0,2}$)/;

/** A path relative to the repository, with `/`. */
export function relativeTo(workspaceRoot: string, path: string): string {
  // Nearly always, and asked some hundred times: no need to resolve both.
  const isPlain = path.startsWith(`${workspaceRoot}/`) && sep === '/' && !UNRESOLVED.test(path);
  if (isPlain) return path.slice(workspaceRoot.length + 1);
  return relative(workspaceRoot, path).split(sep).join('/') || '.';
}
