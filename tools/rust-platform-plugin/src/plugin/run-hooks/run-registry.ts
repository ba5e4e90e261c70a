import { createRunId, runIdFromArgv } from '../../results/run-marker';

const VARIABLE = 'RUST_PLATFORM_RUN_ID';

/** Runs of this process by Nx's own id of them: in the daemon several can be under way. */
const runs = new Map<string, string>();
/** Ids that we set ourselves: in the daemon they are still in the environment when the next run begins. */
const ours = new Set<string>();

/** The id of a run: the launcher's, that of a run further out, else a new one. */
export function beginRun(context: { id: string; argv: readonly string[] }, env: NodeJS.ProcessEnv): string {
  const inherited = env[VARIABLE];
  const given = inherited && !ours.has(inherited) ? inherited : undefined;
  const runId = runIdFromArgv(context.argv) ?? given ?? createRunId();
  if (runId !== given) ours.add(runId);
  runs.set(context.id, runId);
  env[VARIABLE] = runId;
  return runId;
}

export function endRun(context: { id: string; argv: readonly string[] }, env: NodeJS.ProcessEnv): string {
  const runId = runs.get(context.id) ?? runIdFromArgv(context.argv) ?? env[VARIABLE] ?? createRunId();
  runs.delete(context.id);
  return runId;
}
