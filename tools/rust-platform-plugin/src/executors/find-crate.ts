import type { ExecutorContext } from '@nx/devkit';
import { EXIT, PlatformError } from '../errors';
import type { ModelProblem, RustCrate, ServiceModel } from '../service-model/service-model';

/**
 * The crate of the project that Nx runs. By folder first: a project.json may give the project another name.
 * Throws `unknown-crate`, or the problem of the model that explains why the crate is not there.
 */
export function findCrate(context: ExecutorContext, model: ServiceModel): RustCrate {
  const project = context.projectName ?? '';
  const root = context.projectsConfigurations?.projects[project]?.root;
  const crate =
    model.crates.find((candidate) => candidate.root === root) ??
    model.crates.find((candidate) => candidate.project === project);
  if (crate) return crate;
  const problem = root === undefined ? undefined : model.problems.find(({ file }) => isInside(file, root));
  if (problem) throw problemError(problem);
  throw new PlatformError({
    code: 'unknown-crate',
    what: `the project ${project} is not a crate of a Cargo workspace in this repository`,
    why: `crates: ${model.crates.map((known) => known.project).join(', ') || 'none'}`,
    fix: 'nx reset',
    exitCode: EXIT.usage,
  });
}

/** Throws the first problem that keeps cargo from working on this crate. */
export function assertNoProblem(crate: RustCrate, model: ServiceModel): void {
  const problem = model.problems.find((candidate) => concerns(candidate, crate, model));
  if (problem) throw problemError(problem);
}

/** Its own manifest, or a file of its Cargo workspace that belongs to no other crate (root manifest, lock, toolchain). */
function concerns({ file, severity }: ModelProblem, crate: RustCrate, model: ServiceModel): boolean {
  if (file === crate.manifest) return true;
  if (severity !== 'task') return false;
  if (isOutside(file)) return true;
  const elsewhere = model.crates
    .map(({ root, cargoRoot }) => (cargoRoot === crate.cargoRoot ? root : cargoRoot))
    .filter((folder) => folder !== crate.cargoRoot && isInside(folder, crate.cargoRoot));
  return isInside(file, crate.cargoRoot) && !elsewhere.some((folder) => isInside(file, folder));
}

const TOOL_PROBLEMS = ['cargo-missing', 'toolchain-missing'];

function problemError({ code, file, line, what, why, fix }: ModelProblem): PlatformError {
  const exitCode = TOOL_PROBLEMS.includes(code) ? EXIT.preflight : EXIT.usage;
  const place = line === undefined ? file : `${file}:${line}`;
  return new PlatformError({ code, what: `${place}: ${what}`, why, fix, exitCode });
}

/** A toolchain file may lie above the repository. */
function isOutside(file: string): boolean {
  return file.startsWith('../') || file.startsWith('/');
}

function isInside(file: string, folder: string): boolean {
  return folder === '.' || file.startsWith(`${folder}/`);
}
