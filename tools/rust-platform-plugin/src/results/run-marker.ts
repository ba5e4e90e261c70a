const MARKER = '#rust-platform-run=';

/**
 * The launcher tells Nx's hooks which run they belong to through `process.argv[1]` of the Nx process: the hooks get it as
 * `context.argv`, also inside the daemon. An environment variable that differs in every run would make the daemon restart
 * its plugin workers and compute the project graph again each time (measured on 24.0.6).
 */
export function markScript(script: string, runId: string): string {
  return `${script}${MARKER}${runId}`;
}

/** Id of the launcher's run, or `undefined` when Nx was started without the launcher. */
export function runIdFromArgv(argv: readonly string[]): string | undefined {
  const script = argv[1] ?? '';
  const at = script.lastIndexOf(MARKER);
  return at === -1 ? undefined : script.slice(at + MARKER.length);
}

/** Unique, sortable by start, safe as a file name: `20261124T055931Z-4711-9f3c`. */
export function createRunId(now: Date = new Date(), pid: number = process.pid): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const random = Math.floor(Math.random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${time}-${pid}-${random}`;
}
