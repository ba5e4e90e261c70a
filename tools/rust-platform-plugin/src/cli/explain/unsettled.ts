import type { RunRecord } from '../../results/run-record';

/** A crate whose results no run may reuse. */
export interface Unsettled {
  project: string;
  reasons: string[];
  /** Crates to hand to `rust-platform learn`; empty where a list of inputs would not help. */
  learn: string[];
}

/** A matter of the lock, of a manifest or of a database, of no input that could be listed. */
const ELSEWHERE =
  /Cargo\.(lock|toml)|cargo sqlx prepare|cache keys could not be computed|(cannot|could not) be read(?! off)/;

/** Of one run. Reasons may lie in a crate below: its folder is what they begin with. */
export function unsettledCrates(run: RunRecord): Unsettled[] {
  return (run.uncached ?? []).map(({ project, reasons }) => ({
    project,
    reasons,
    learn: cratesToLearn(project, reasons, run),
  }));
}

export function cratesToLearn(project: string, reasons: readonly string[], { tasks }: RunRecord): string[] {
  const roots = tasks.map((task) => ({ project: task.project, folder: `${task.root ?? ''}/` }));
  const crates = reasons
    .filter((reason) => !ELSEWHERE.test(reason))
    .map((reason) => {
      const fitting = roots.filter(({ folder }) => folder !== '/' && reason.startsWith(folder));
      const [nearest] = fitting.sort((a, b) => b.folder.length - a.folder.length);
      return nearest?.project ?? project;
    });
  return [...new Set(crates)].sort();
}
