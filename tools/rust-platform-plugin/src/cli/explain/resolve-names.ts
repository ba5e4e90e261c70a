import { EXIT, PlatformError } from '../../errors';
import { didYouMean } from '../nearest-names';
import type { RunRecord } from '../../results/run-record';
import type { TargetName } from './explain-target';
import type { ProjectTargets } from './project-targets';

/** Project → its targets, by Nx's graph and by what has run. */
export type KnownTargets = Map<string, Set<string>>;

export function knownTargets(targets: ProjectTargets, runs: readonly RunRecord[]): KnownTargets {
  const known: KnownTargets = new Map([...targets].map(([project, own]) => [project, new Set(own.keys())]));
  for (const { project, target } of runs.flatMap(({ tasks }) => tasks)) {
    known.set(project, (known.get(project) ?? new Set()).add(target));
  }
  return known;
}

/**
 * `project`, `project:target` or `project:target:configuration`; a name of a project may hold a colon itself. Without
 * anything known (no graph, no run) every name is taken.
 * @throws PlatformError `unknown-project`, `unknown-target`
 */
export function resolveName(word: string, known: KnownTargets): Partial<TargetName> & { project: string } {
  const project = projectOf(word, known);
  const [target, configuration] = word.slice(project.length + 1).split(':');
  if (!target) return { project };
  const targets = known.get(project);
  if (targets && !targets.has(target)) throw unknownTarget(project, target, targets);
  return { project, target, configuration };
}

function projectOf(word: string, known: KnownTargets): string {
  const parts = word.split(':');
  const names = parts.map((_, at) => parts.slice(0, at + 1).join(':')).reverse();
  const found = names.find((name) => known.has(name));
  const [first = ''] = parts;
  if (found !== undefined || known.size === 0) return found ?? first;
  throw new PlatformError({
    code: 'unknown-project',
    what: `There is no project ${first}`,
    why: `neither Nx's last graph nor a recorded run knows it; there are ${some(known.keys())}`,
    fix: didYouMean(first, known.keys()) ?? 'npx nx show projects',
    exitCode: EXIT.usage,
  });
}

function unknownTarget(project: string, target: string, targets: Set<string>): PlatformError {
  return new PlatformError({
    code: 'unknown-target',
    what: `${project} has no target ${target}`,
    why: `it has ${some(targets)}`,
    fix: didYouMean(target, targets) ?? `npx nx show project ${project}`,
    exitCode: EXIT.usage,
  });
}

function some(names: Iterable<string>): string {
  const all = [...names].sort();
  return all.length > 12 ? `${all.slice(0, 12).join(', ')} and ${all.length - 12} more` : all.join(', ');
}
