import { EXIT, PlatformError } from '../../errors';
import { parseGraph, readGraphText } from '../nx-internals';
import { parseNxCommand, type NxCommand } from './nx-command';
import { isOurs, planTasks, type Plan, type PlannedTarget } from './planned-tasks';

/**
 * Refuses what Nx would accept and do wrongly, when a task of ours is part of it. Throws PlatformError (exit 2) with the
 * command to use instead:
 * `dropped-tasks`: a continuous and a `parallelism: false` task in one run, of which Nx 24 may silently run only some;
 * `dry-run-of-chain`: the option reaches only the asked task, its dependencies would run for real;
 * `unknown-configuration`: a misspelt name would run everything without any configuration.
 */
export function refuseRun(request: {
  workspaceRoot: string;
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
}): void {
  const command = parseNxCommand(request.argv.slice(2));
  if (!command) return;
  const text = readGraphText(request.workspaceRoot, request.env);
  const isSuspect =
    command.isDryRun || command.configuration !== undefined || /"parallelism":\s*false/.test(text ?? '');
  const graph = text !== undefined && isSuspect ? parseGraph(text) : undefined;
  if (!graph) return;
  const plan = planTasks(command, graph);
  if (!plan.all.some(isOurs)) return;
  refuseDroppedTasks(plan);
  refuseDryRun(command, plan);
  refuseConfiguration(command, plan);
}

function refuseDroppedTasks({ all }: Plan): void {
  const continuous = all.filter(({ configuration }) => configuration.continuous);
  const alone = all.filter(({ configuration }) => configuration.parallelism === false);
  if (continuous.length === 0 || alone.length === 0) return;
  throw new PlatformError({
    code: 'dropped-tasks',
    what: `this run holds ${nameSome(continuous)}, which keeps running, and ${nameSome(alone)}, which must run alone`,
    why: 'Nx 24 can leave such tasks out without a word and with exit code 0',
    fix: [
      `npx nx run-many -t ${targetsOf(alone)}`,
      `npx nx run-many -t ${targetsOf(continuous)}`,
      'or remove `"parallelism": false` from the target',
    ],
    exitCode: EXIT.usage,
  });
}

function refuseDryRun({ isDryRun, targets }: NxCommand, { asked, all }: Plan): void {
  const ours = asked.find(isOurs);
  if (!isDryRun || !ours || all.length === asked.length) return;
  const others = all.filter((task) => !asked.includes(task));
  throw new PlatformError({
    code: 'dry-run-of-chain',
    what: `--dry-run would reach ${nameSome(asked)} only: ${nameSome(others)} would run for real`,
    why: 'Nx hands options to the tasks that were asked for, never to their dependencies',
    fix: `npx rust-platform ${[...targets.slice(0, 1), ...new Set(asked.map(({ project }) => project))].join(' ')} --dry-run`,
    exitCode: EXIT.usage,
  });
}

function refuseConfiguration({ configuration }: NxCommand, { asked }: Plan): void {
  if (configuration === undefined || !asked.some(isOurs)) return;
  const known = new Set(asked.flatMap((task) => Object.keys(task.configuration.configurations ?? {})));
  if (known.has(configuration)) return;
  throw new PlatformError({
    code: 'unknown-configuration',
    what: `none of ${nameSome(asked)} has a configuration ${configuration}`,
    why: 'Nx would run everything without any configuration',
    fix:
      known.size > 0
        ? `use one of ${[...known].sort().join(', ')}`
        : `leave ${configuration} away: these targets have none`,
    exitCode: EXIT.usage,
  });
}

function nameSome(tasks: PlannedTarget[]): string {
  const [first, second, ...rest] = tasks.map(({ project, target }) => `${project}:${target}`);
  if (second === undefined) return first ?? '';
  return rest.length === 0 ? `${first} and ${second}` : `${first}, ${second} and ${rest.length} more`;
}

function targetsOf(tasks: PlannedTarget[]): string {
  return [...new Set(tasks.map(({ target }) => target))].join(' ');
}
