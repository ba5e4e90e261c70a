import type { ProjectGraph, Task } from '@nx/devkit';
import { PlatformError } from '../errors';

type ReadEnvironment = (task: Task, graph: ProjectGraph) => NodeJS.ProcessEnv;

/**
 * The environment that Nx would give a task in a process of its own: this one with the `.env` files of its project and
 * target. A batch gets only what all its tasks have in common.
 */
export function taskEnvironment(task: Task, graph: ProjectGraph): NodeJS.ProcessEnv {
  return readEnvironment()(task, graph);
}

/** What differs from this process; `undefined` removes a variable. */
export function environmentDifference(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const names = new Set([...Object.keys(env), ...Object.keys(process.env)]);
  const different = [...names].filter((name) => env[name] !== process.env[name]);
  return Object.fromEntries(different.map((name) => [name, env[name]]));
}

function readEnvironment(): ReadEnvironment {
  try {
    const { getTaskSpecificEnv } = require('nx/src/tasks-runner/task-env') as {
      getTaskSpecificEnv?: ReadEnvironment;
    };
    if (getTaskSpecificEnv) return getTaskSpecificEnv;
    throw new Error('it has no getTaskSpecificEnv');
  } catch (cause) {
    throw new PlatformError({
      code: 'nx-unknown',
      what: 'this version of Nx does not tell the environment of the tasks of a batch',
      why: cause instanceof Error ? cause.message : String(cause),
      fix: 'NX_BATCH_MODE=false nx …    (one process for each task)',
      cause,
    });
  }
}
