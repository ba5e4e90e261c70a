import { neededServices } from '../service-model/needs-cycles';
import type { RustCrate, ServiceModel } from '../service-model/service-model';

/** Who reaches whom, over all crates of a model. Every list is sorted and without the crate itself. */
export interface CrateGraph {
  crate: (project: string) => RustCrate;
  /** Crates that a build compiles: normal and build dependencies, theirs too. */
  buildClosure: (project: string) => string[];
  /** With the dev-dependencies of the crate itself. */
  testClosure: (project: string) => string[];
  /** Services that must run for a service to work, theirs too. */
  neededClosure: (project: string) => string[];
}

export function crateGraph({ crates }: ServiceModel): CrateGraph {
  const byProject = new Map(crates.map((crate) => [crate.project, crate]));
  const crate = (project: string): RustCrate => {
    const found = byProject.get(project);
    if (!found) throw new Error(`no crate is called ${project}`);
    return found;
  };
  const compiled = remembering((project) =>
    crate(project)
      .dependencies.filter(isCompiled)
      .map((dependency) => dependency.project),
  );
  const direct = (project: string) => crate(project).dependencies.map((dependency) => dependency.project);
  const needed = (project: string) => neededServices(crate(project)).filter((name) => byProject.has(name));
  const buildClosure = remembering((project) => reach(compiled(project), compiled, project));
  return {
    crate,
    buildClosure,
    testClosure: remembering((project) =>
      crate(project).dependencies.every(isCompiled)
        ? buildClosure(project)
        : reach(direct(project), compiled, project),
    ),
    neededClosure: remembering((project) => reach(needed(project), needed, project)),
  };
}

function isCompiled({ kinds }: RustCrate['dependencies'][number]): boolean {
  return kinds.some((kind) => kind !== 'dev');
}

/** Every family of targets asks the same. */
function remembering(compute: (project: string) => string[]): (project: string) => string[] {
  const known = new Map<string, string[]>();
  return (project) => {
    const answer = known.get(project) ?? compute(project);
    known.set(project, answer);
    return answer;
  };
}

function reach(start: readonly string[], next: (name: string) => string[], self: string): string[] {
  const reached = new Set<string>();
  const queue = [...start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    queue.push(...next(name));
  }
  reached.delete(self);
  return [...reached].sort();
}
