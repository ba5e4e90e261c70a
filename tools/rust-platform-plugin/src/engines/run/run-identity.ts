import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, sep } from 'node:path';
import { ancestorsOf, describeProcess, type ProcessDescription } from '../../process/process-facts';
import { identityOf, ownIdentity, type ProcessIdentity } from '../../process/process-identity';

export interface RunIdentity {
  /** Same for all tasks of one run; names its reports and temporary databases. */
  runId: string;
  /** The process whose end is the end of the run. */
  holder: ProcessIdentity;
}

/**
 * The run this process belongs to. Its holder is the outermost ancestor that is Nx or the launcher at work in this
 * workspace: an Nx further out may be running the tests that run us in a workspace of their own. Without one (an engine
 * used by a script) it is our parent.
 *
 * `workspaceRoot` defaults to the current folder. The id is RUST_PLATFORM_RUN_ID, or else follows from the holder.
 */
export async function currentRun(workspaceRoot = process.cwd()): Promise<RunIdentity> {
  const holder = await findHolder(workspaceRoot);
  const given = process.env['RUST_PLATFORM_RUN_ID'];
  return { runId: given === undefined || given === '' ? hashOf(holder) : given, holder };
}

async function findHolder(workspaceRoot: string): Promise<ProcessIdentity> {
  const root = await realpath(workspaceRoot).catch(() => workspaceRoot);
  const ancestors = await Promise.all(
    [process.pid, ...(await ancestorsOf(process.pid))].map((pid) => describeProcess(pid)),
  );
  const runners = ancestors.filter((found) => found && isRunner(found.argv) && worksIn(root, found));
  for (const pid of [runners.at(-1)?.pid, process.ppid]) {
    const holder = pid === undefined || pid <= 1 ? undefined : await identityOf(pid);
    if (holder) return holder;
  }
  return ownIdentity();
}

/** Node running `nx` or `rust-platform`, linked (`node_modules/.bin/nx`) or by its file. Not Nx's long-lived daemon. */
export function isRunner(argv: string[]): boolean {
  const [program = '', ...rest] = argv;
  if (!/^node(js)?$/.test(basename(program))) return false;
  const script = rest.find((word, index) => !word.startsWith('-') && !takesValue(rest[index - 1]));
  return script !== undefined && /^(nx|rust-platform)(\.js)?$/.test(basename(script));
}

function takesValue(option: string | undefined): boolean {
  return (
    option !== undefined && ['-r', '--require', '--import', '--loader', '-C', '--conditions'].includes(option)
  );
}

/** An unknown folder is no reason to lose the run. */
function worksIn(root: string, { cwd }: ProcessDescription): boolean {
  return cwd === undefined || cwd === root || cwd.startsWith(root.endsWith(sep) ? root : root + sep);
}

function hashOf({ pid, startTime }: ProcessIdentity): string {
  return createHash('sha256').update(`${pid} ${startTime}`).digest('hex').slice(0, 12);
}
