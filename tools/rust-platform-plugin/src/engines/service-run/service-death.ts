import { PlatformError } from '../../errors';
import { isAlive } from '../../process/process-identity';
import { redactText } from '../../process/redact';
import type { RunningService, ServiceExit } from '../supervisor';

const LAST_LINES = 30;

export interface ServiceDeath {
  project: string;
  /** `undefined`: it is gone, but how it ended was not reported yet. */
  exit: ServiceExit | undefined;
  error: PlatformError;
}

/** Notes the end of services that nobody asked to end. */
export class DeathWatch {
  private readonly watched: Array<{ project: string; service: RunningService; exit?: ServiceExit }> = [];
  private readonly controller = new AbortController();

  /** Aborted at the first death; the reason is its error. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  watch(project: string, service: RunningService): void {
    const entry: (typeof this.watched)[number] = { project, service };
    this.watched.push(entry);
    service.exited.then(
      (exit) => {
        entry.exit = exit;
        this.controller.abort(deathOf(entry).error);
      },
      () => undefined,
    );
  }

  /** Every service that is not alive now. Call it before anything is stopped: afterwards an end is no death. */
  async deaths(): Promise<ServiceDeath[]> {
    const alive = await Promise.all(this.watched.map(({ service }) => isAlive(service.identity)));
    return this.watched.filter(({ exit }, index) => exit !== undefined || !alive[index]).map(deathOf);
  }
}

function deathOf(entry: { project: string; service: RunningService; exit?: ServiceExit }): ServiceDeath {
  const { project, service, exit } = entry;
  return { project, exit, error: serviceDied(project, service, exit) };
}

/** The error of a service that nobody asked to end, with its last log lines. */
export function serviceDied(
  project: string,
  service: Pick<RunningService, 'lastLines'>,
  exit: ServiceExit | undefined,
): PlatformError {
  const lines = service.lastLines(LAST_LINES).map((line) => redactText(line));
  return new PlatformError({
    code: 'service-died',
    what: `the service ${project} ended by itself${describeExit(exit)}`,
    why: lines.length > 0 ? `its last ${lines.length} log lines:\n${lines.join('\n')}` : 'it logged nothing',
    fix: `correct the service, then run it alone to see more: rust-platform serve ${project}`,
  });
}

function describeExit(exit: ServiceExit | undefined): string {
  if (exit?.signal) return ` (signal ${exit.signal})`;
  return exit?.exitCode === undefined ? '' : ` (exit code ${exit.exitCode})`;
}
