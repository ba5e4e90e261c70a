import { redactArguments, redactLine } from './redact-arguments';
import { pruneRuns, runRecordFile } from './run-folder';
import { readJson } from './task-report-file';
import { writeJsonAtomically } from './write-file';

/** What Nx says of a run, written by `postTasksExecution` to `<state>/runs/<runId>.json`. */
export interface RunRecord {
  schemaVersion: 1;
  runId: string;
  /** `process.argv` of the Nx process, without secrets. */
  argv: string[];
  /** ISO 8601. */
  startedAt: string;
  endedAt: string;
  /** Only tasks that Nx settled: one that was skipped because a dependency failed has no entry. */
  tasks: TaskRecord[];
  /** Name of the record of what the keys were made of, see key-record-file.ts. */
  keys?: string;
  /** Name of the record of all that Nx hashed, see run-record-inputs.ts. */
  inputs?: string;
  /** Crates whose results could be neither found nor kept, with the reasons; `families`: the others were cached. */
  uncached?: Array<{ project: string; reasons: string[]; families?: string[] }>;
  /** The cache was not to be looked at: `--skip-nx-cache`. */
  skipsCache?: boolean;
  /** Where it was, if told by environment or nx.json. */
  cacheDirectory?: string;
  /** Of the run as a whole, one sentence each. */
  notes?: string[];
  /** Set when a hook refused the run before any task started. */
  error?: RunRefusal;
}

export interface TaskRecord {
  /** `project:target`, or `project:target:configuration`. */
  id: string;
  project: string;
  target: string;
  status: 'success' | 'failure' | 'skipped' | 'stopped';
  cache: 'miss' | 'local' | 'remote';
  /** Folder of the project. */
  root?: string;
  /** Nx's own word: `local-cache-kept-existing` means that the outputs were still there. */
  nxStatus?: string;
  /** Nx's hash of all inputs: equal hashes, equal results. */
  hash?: string;
  /** `false`: its configuration does not let Nx cache it. */
  cacheable?: boolean;
  /** Options of the command line, without secrets; Nx hashes them. */
  options?: string[];
  /** Nx's code, which is 1 for every failure. */
  code?: number;
  /** Milliseconds since the epoch. */
  startTime?: number;
  endTime?: number;
}

export interface RunRefusal {
  code: string;
  what: string;
  why?: string;
  fix: string[];
  exitCode: number;
}

/** The part of Nx's `PostTasksExecutionContext` that is read here; this folder does not import Nx. */
export interface FinishedRun {
  argv: readonly string[];
  startTime: number;
  endTime: number;
  taskResults: Record<string, FinishedTask>;
}

export interface FinishedTask {
  status: string;
  code?: number;
  task: {
    id: string;
    target: { project: string; target: string };
    projectRoot?: string;
    startTime?: number;
    endTime?: number;
    hash?: string;
    cache?: boolean;
    overrides?: Record<string, unknown>;
  };
}

/** What only the hook that ran before the tasks knows. */
export type RunFacts = Pick<
  RunRecord,
  'keys' | 'inputs' | 'uncached' | 'skipsCache' | 'cacheDirectory' | 'notes'
>;

/** Nx's word for each end of a task: cache hits are `local-cache`, `local-cache-kept-existing` and `remote-cache`. */
export function recordOf(run: FinishedRun, runId: string, facts: RunFacts = {}): RunRecord {
  return {
    schemaVersion: 1,
    runId,
    argv: [...run.argv],
    startedAt: new Date(run.startTime).toISOString(),
    endedAt: new Date(run.endTime).toISOString(),
    tasks: Object.values(run.taskResults).map(recordTask),
    ...facts,
  };
}

function recordTask({ status, code, task }: FinishedTask): TaskRecord {
  return {
    id: task.id,
    project: task.target.project,
    target: task.target.target,
    root: task.projectRoot,
    ...normalizeStatus(status),
    nxStatus: status,
    hash: task.hash,
    cacheable: task.cache,
    ...optionsOf(task.overrides),
    code,
    startTime: task.startTime,
    endTime: task.endTime,
  };
}

function optionsOf(overrides: Record<string, unknown> | undefined): { options?: string[] } {
  const written = overrides?.['__overrides_unparsed__'];
  return Array.isArray(written) && written.length > 0
    ? { options: redactArguments(written.map(String)) }
    : {};
}

function normalizeStatus(status: string): Pick<TaskRecord, 'status' | 'cache'> {
  if (status.startsWith('local-cache')) return { status: 'success', cache: 'local' };
  if (status.startsWith('remote-cache')) return { status: 'success', cache: 'remote' };
  if (status === 'success' || status === 'skipped' || status === 'stopped') return { status, cache: 'miss' };
  return { status: 'failure', cache: 'miss' };
}

export async function writeRunRecord(
  workspaceRoot: string,
  record: RunRecord,
  stateDirectory?: string,
): Promise<void> {
  const harmless = withoutSecrets(record);
  await writeJsonAtomically(runRecordFile(workspaceRoot, record.runId, stateDirectory), harmless);
  await pruneRuns(workspaceRoot, stateDirectory);
}

function withoutSecrets(record: RunRecord): RunRecord {
  const { argv, error, notes } = record;
  const redacted = error && {
    ...error,
    what: redactLine(error.what),
    ...(error.why === undefined ? {} : { why: redactLine(error.why) }),
    fix: error.fix.map(redactLine),
  };
  return {
    ...record,
    argv: redactArguments(argv),
    ...(notes ? { notes: notes.map(redactLine) } : {}),
    ...(redacted ? { error: redacted } : {}),
  };
}

/** For a hook that refuses a run: the launcher then ends with the refusal's exit code instead of Nx's 1. */
export async function writeRefusal(
  workspaceRoot: string,
  run: { runId: string; argv: readonly string[] },
  error: RunRefusal,
  stateDirectory?: string,
): Promise<void> {
  const now = new Date().toISOString();
  const record = { schemaVersion: 1 as const, ...run, argv: [...run.argv], startedAt: now, endedAt: now };
  await writeRunRecord(workspaceRoot, { ...record, tasks: [], error }, stateDirectory);
}

/** `undefined` when Nx ended before its hook ran: it refused the command line, or it dropped every task. */
export async function readRunRecord(
  workspaceRoot: string,
  runId: string,
  stateDirectory?: string,
): Promise<RunRecord | undefined> {
  const value = (await readJson(runRecordFile(workspaceRoot, runId, stateDirectory))) as
    RunRecord | undefined;
  if (value?.schemaVersion !== 1 || value.runId !== runId || !Array.isArray(value.tasks)) return undefined;
  return { ...value, tasks: value.tasks.map((task) => ({ ...task, ...statusAsWritten(task) })) };
}

/** Accepts Nx's own words too, so that a record written without `recordOf` is understood. */
function statusAsWritten(task: TaskRecord): Pick<TaskRecord, 'status' | 'cache'> {
  const known = normalizeStatus(task.status);
  return known.cache === 'miss' && task.cache ? { ...known, cache: task.cache } : known;
}
