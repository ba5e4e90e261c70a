import type { PreTasksExecutionContext } from '@nx/devkit';
import { EXIT, PlatformError } from '../../errors';
import { writeKeyRecord } from '../../results/key-record-file';
import { writeRefusal, type RunFacts } from '../../results/run-record';
import type { PlatformOptions } from '../../service-model/platform-options';
import { parsePlatformOptions } from '../../service-model/parse-platform-options';
import type { ServiceModel } from '../../service-model/service-model';
import { uncachedVariable } from '../../service-model/uncached-reasons';
import { KEY_FAMILIES } from '../key-variables';
import { lastModel } from '../remembered-model';
import { legacyAffectedNote } from '../selection/legacy-affected-note';
import {
  computeTaskKeys,
  unknownKeys,
  type TaskKeys,
  type UncachedCrate,
} from '../task-keys/compute-task-keys';
import { nxInputFiles } from './nx-input-files';
import { checkRemoteCache } from './remote-cache';
import { keepFacts } from './run-facts';
import { beginRun } from './run-registry';
import { refuseRun } from './refuse-run';
import { setParallel } from './parallel';
import { cacheDirectoryOf, skipsCache } from './cache-settings';

/**
 * Before Nx hashes: refuses a run that would go wrong, gives the run its id, puts the keys of all crates into the
 * environment, from where Nx hands them to the hasher and to the tasks, and keeps what they were made of.
 */
export async function beforeTasks(given: unknown, context: PreTasksExecutionContext): Promise<void> {
  const { id, workspaceRoot, argv, nxJsonConfiguration } = context;
  // Nx forces colours on its tasks, against NO_COLOR, unless told otherwise; Node then warns in each of them.
  if (process.env['NO_COLOR']) process.env['FORCE_COLOR'] ??= '0';
  const options = parsePlatformOptions(given);
  const { stateDirectory } = options;
  const runId = beginRun(context, process.env);
  try {
    refuseRun({ workspaceRoot, argv, env: process.env });
  } catch (error) {
    await recordRefusal(error, { workspaceRoot, runId, argv, stateDirectory });
    throw error;
  }
  const remoteCache = checkRemoteCache(process.env);
  const model = await lastModel(workspaceRoot, () => options);
  const kept: RunFacts = model.crates.length === 0 ? {} : await setKeys(workspaceRoot, model, options);
  setParallel(argv, process.env);
  const nxJson = nxJsonConfiguration ?? {};
  const said = [await remoteCache, legacyAffectedNote(argv.slice(2), { env: process.env, nxJson })];
  const notes = [...(kept.notes ?? []), ...said.filter((note) => note !== undefined)];
  const roots = model.crates.map(({ root }) => root);
  keepFacts(id, {
    ...kept,
    files: nxInputFiles(workspaceRoot, nxJson, roots),
    ...(skipsCache(argv, process.env) ? { skipsCache: true } : {}),
    ...cacheDirectoryOf(process.env, nxJsonConfiguration),
    ...(notes.length > 0 ? { notes } : {}),
  });
}

async function setKeys(
  workspaceRoot: string,
  model: ServiceModel,
  options: PlatformOptions,
): Promise<RunFacts> {
  const request = { workspaceRoot, model, env: process.env, options };
  const computed = await computeTaskKeys(request).catch(
    // Whatever it is, it must not stop tasks that have nothing to do with Rust.
    (error: unknown) => unknownKeys(model, error),
  );
  const { variables, uncached, record } = computed;
  const notes = computed.notes.flatMap(({ project, notes }) => notes.map((note) => `${project}: ${note}`));
  setReasons(model, uncached);
  Object.assign(process.env, variables);
  try {
    return { keys: await writeKeyRecord(workspaceRoot, record, options.stateDirectory), uncached, notes };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const lost = `what the cache keys were made of could not be kept: ${why}`;
    return { uncached, notes: [...notes, lost] };
  }
}

function setReasons({ crates }: ServiceModel, uncached: TaskKeys['uncached']): void {
  for (const { project } of crates) {
    const { reasons, families } = uncached.find((entry) => entry.project === project) ?? NONE;
    for (const family of KEY_FAMILIES) {
      const name = uncachedVariable(project, family);
      const text = families.includes(family) ? reasons.join('\n') : '';
      if (text || process.env[name]) process.env[name] = text;
    }
  }
}

const NONE: Pick<UncachedCrate, 'reasons' | 'families'> = { reasons: [], families: [] };

/** The launcher ends with the exit code of the refusal; Nx alone would make it 1. */
async function recordRefusal(
  error: unknown,
  run: { workspaceRoot: string; runId: string; argv: readonly string[]; stateDirectory: string },
): Promise<void> {
  if (!(error instanceof PlatformError)) return;
  const { code, what, why, fix, exitCode = EXIT.usage } = error;
  const { workspaceRoot, runId, argv, stateDirectory } = run;
  // The refusal itself matters more than its record.
  await writeRefusal(
    workspaceRoot,
    { runId, argv },
    { code, what, why, fix, exitCode },
    stateDirectory,
  ).catch(() => undefined);
}
