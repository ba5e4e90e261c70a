import type { CargoFiles } from './cargo-fingerprint';
import { isCargoFault } from './cargo-problems';
import type { CargoProblem, CargoWorkspace } from './cargo-workspace';
import { findCargoRoots, type CargoRoot, type LeftAlone } from './find-cargo-roots';
import { parseManifest } from './manifest';
import { manifestWorkspace } from './manifest-workspace';
import { runCargoMetadata } from './run-cargo-metadata';

export interface CargoAnswer {
  workspaces: CargoWorkspace[];
  /** Faults of single manifests. What is wrong with cargo itself stands in the workspace. */
  problems: CargoProblem[];
  leftAlone: LeftAlone[];
}

/** From cargo or, where it cannot answer, from the manifests. Rejects only when `signal` aborts. */
export async function readAfresh(
  files: CargoFiles,
  workspaceRoot: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<CargoAnswer> {
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
