import type { Explanation } from './explanation';
import type { TargetName } from './explain-target';
import type { RunArchive } from './run-archive';

/** A target of which no run has left anything. */
export function noRecord(
  name: TargetName,
  { runs, unreadable }: Pick<RunArchive, 'runs' | 'unreadable'>,
  neverCached: string | undefined,
): Explanation {
  const { project, target, configuration } = name;
  const task = [project, target, ...(configuration ? [configuration] : [])].join(':');
  const why = [
    runs.length === 0
      ? 'no run is recorded here'
      : `it is in none of the ${runs.length} runs that are recorded here`,
    ...(neverCached ? [`and it is never cached: ${neverCached}`] : []),
  ].join(', ');
  return {
    task,
    project,
    target,
    outcome: 'no-record',
    reason: 'no-record',
    why,
    answer: `${task} has no run to explain: ${why}`,
    changes: [],
    notKept: [],
    notes: unreadable > 0 ? [unreadText(unreadable)] : [],
    fix: [`npx nx run ${task}`],
  };
}

export function unreadText(count: number): string {
  const [what, verb] = count === 1 ? ['record', 'was'] : ['records', 'were'];
  return `${count} ${what} of another version of the plugin ${verb} not read`;
}
