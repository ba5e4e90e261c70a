import { join, relative, sep } from 'node:path';
import { isCargoFault } from './cargo-problems';
import { readCargoFiles, type CargoFiles } from './cargo-fingerprint';
import type { CargoProblem, CargoWorkspace } from './cargo-workspace';
import { findCargoRoots, type CargoRoot, type LeftAlone } from './find-cargo-roots';
import { parseManifest } from './manifest';
import { manifestWorkspace } from './manifest-workspace';
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

export interface CargoReading {
  workspaces: CargoWorkspace[];
  /** Faults of single manifests. What is wrong with cargo itself stands in the workspace. */
  problems: CargoProblem[];
  leftAlone: LeftAlone[];
  /** Text of each manifest by its absolute path. */
  texts: Map<string, string>;
}

type Answer = Pick<CargoReading, 'workspaces' | 'problems' | 'leftAlone'>;

interface CachedAnswer {
  fingerprint: string;
  answer: Answer;
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
  const cacheFile = workspaceDataFile(workspaceRoot, 'cargo', env);
  const cached = readDataFile(cacheFile, isCachedAnswer);
  if (cached?.fingerprint === files.fingerprint) return { ...cached.answer, texts: files.texts };
  const answer = await readAfresh(files, workspaceRoot, env, request.signal);
  if (isWorthKeeping(answer)) writeDataFile(cacheFile, { fingerprint: files.fingerprint, answer });
  return { ...answer, texts: files.texts };
}

async function readAfresh(
  files: CargoFiles,
  workspaceRoot: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const manifests = [...files.texts].map(([file, text]) => parseManifest(file, text));
  const { roots, leftAlone, problems } = findCargoRoots(manifests, workspaceRoot);
  const workspaces = await Promise.all(roots.map((root) => readRoot(root, files, env, signal)));
  const faults = workspaces
    .map(({ problem }) => problem)
    .filter((problem) => problem && !isCargoFault(problem));
  return {
    workspaces: unique(workspaces.map((workspace) => onlyVisible(workspace, files.texts))),
    problems: withoutRepetition([...problems, ...(faults as CargoProblem[])]),
    leftAlone,
  };
}

async function readRoot(
  root: CargoRoot,
  { layouts }: CargoFiles,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<CargoWorkspace> {
  // cargo would refuse the whole workspace for one unreadable member.
  if (root.members.some(({ problem }) => problem) || root.manifest.problem) {
    return manifestWorkspace(root, layouts, env, undefined);
  }
  // Loaded only here: starting processes needs modules that a cached answer does not.
  const { runCargoMetadata } = require('./run-cargo-metadata') as typeof import('./run-cargo-metadata');
  const { workspace, problem } = await runCargoMetadata({ manifest: root.manifest.file, env, signal });
  if (!workspace) return manifestWorkspace(root, layouts, env, problem);
  return problem ? { ...workspace, problem } : workspace;
}

/** A member may lie outside the repository, or be hidden from Nx: then it is no project. */
function onlyVisible(workspace: CargoWorkspace, texts: Map<string, string>): CargoWorkspace {
  const { problem, packages, ...rest } = workspace;
  return {
    ...rest,
    packages: packages.filter(({ manifestPath }) => texts.has(manifestPath)),
    ...(problem && isCargoFault(problem) ? { problem } : {}),
  };
}

/** Two packages can turn out to belong to one workspace whose root lies above the repository. */
function unique(workspaces: CargoWorkspace[]): CargoWorkspace[] {
  const byRoot = new Map(workspaces.map((workspace) => [workspace.root, workspace]));
  return [...byRoot.values()]
    .filter(({ packages }) => packages.length > 0)
    .sort((a, b) => (a.root < b.root ? -1 : 1));
}

function withoutRepetition(problems: CargoProblem[]): CargoProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ file }) => !seen.has(file) && seen.add(file));
}

/** Only what cargo said without reserve: an empty or makeshift answer must not outlive its cause. */
function isWorthKeeping({ workspaces, problems }: Answer): boolean {
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

/** A path relative to the repository, with `/`. */
export function relativeTo(workspaceRoot: string, path: string): string {
  return relative(workspaceRoot, path).split(sep).join('/') || '.';
}
