import { basename } from 'node:path';
import { describeProcess } from '../process/process-facts';

export type NxCommandLine =
  /** Words behind the name of the script, `--` and what follows it not among them. */
  { words: string[] } | { daemon: true } | undefined;

/**
 * The command line of the Nx process for which this process works: its own, or that of its parent when Nx has started a
 * worker for the plugin. `undefined`: another program makes the graph.
 */
export async function nxCommandLine(own: readonly string[] = process.argv): Promise<NxCommandLine> {
  const isWorker = own.some((word) => /[\\/]plugin-worker\.[cm]?[jt]s$/.test(word));
  if (!isWorker) return parse(own);
  const parent = await describeProcess(process.ppid).catch(() => undefined);
  return parse(parent?.argv ?? []);
}

function parse(argv: readonly string[]): NxCommandLine {
  if (argv.some((word) => /[\\/]daemon[\\/]server[\\/]start\.[cm]?[jt]s$/.test(word)))
    return { daemon: true };
  // Options of Node stand before the script.
  const script = argv.findIndex((word, index) => index > 0 && /^nx(\.[cm]?js)?$/.test(basename(word)));
  if (script === -1) return undefined;
  const words = argv.slice(script + 1);
  const end = words.indexOf('--');
  return { words: end === -1 ? words : words.slice(0, end) };
}
