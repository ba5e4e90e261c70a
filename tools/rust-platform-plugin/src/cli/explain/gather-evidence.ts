import type { RunReference } from './explanation';
import { referenceOf } from './moments';
import type { RunArchive } from './run-archive';
import type { TaskEvidence } from './task-evidence';
import type { TaskHistory, TaskRun } from './task-history';

/** How a task says in its report why Nx did not keep its result. */
const NOT_CACHED = 'not cached: ';

/** Reads what the runs of a task have left. */
export async function gatherEvidence(
  history: TaskHistory,
  archive: RunArchive,
): Promise<Pick<TaskEvidence, 'latest' | 'previous' | 'pair' | 'unkept' | 'maker'>> {
  const { latest, previous } = history;
  const [now, before] = [
    await archive.detailsOf(latest.run),
    previous && (await archive.detailsOf(previous.run)),
  ];
  return {
    latest: now,
    previous: before ?? {},
    pair: before && archive.pair(before, now),
    unkept: await unkeptOf([latest, history.same], archive),
    maker: latest.task.cache === 'miss' ? undefined : await makerOf(latest, archive),
  };
}

async function unkeptOf(
  runs: Array<TaskRun | undefined>,
  archive: RunArchive,
): Promise<Map<string, string[]>> {
  const found = await Promise.all(
    runs.map(async (one) => {
      if (one?.task.cache !== 'miss') return [];
      const report = await archive.report(one.task, one.run.runId, { any: false });
      const notes = report?.notes.filter((note) => note.startsWith(NOT_CACHED)) ?? [];
      const reasons = notes.map((note) => note.slice(NOT_CACHED.length));
      return reasons.length > 0 ? [[one.run.runId, reasons] as const] : [];
    }),
  );
  return new Map(found.flat());
}

async function makerOf({ task, run }: TaskRun, archive: RunArchive): Promise<RunReference | undefined> {
  const report = await archive.report(task, run.runId, { any: true });
  if (!report || report.runId === run.runId) return undefined;
  const recorded = archive.runs.find(({ runId }) => runId === report.runId);
  return recorded ? referenceOf(recorded) : { runId: report.runId, startedAt: report.startedAt };
}
