import { captureBytes } from '../process/capture-bytes';

export interface ChangedFiles {
  /** There and then, with different content. */
  modified: string[];
  /** Not there at the revision: untracked files, too, unless they are ignored. */
  added: string[];
  deleted: string[];
}

/** The hash of a commit, a branch, a tag; `undefined` when the clone does not hold it. */
export async function commitOf(folder: string, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined;
  return firstLine(git(folder, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]));
}

/** Where two revisions parted, as Nx computes it: the base itself when git finds nothing, as in a shallow clone. */
export async function mergeBase(folder: string, base: string, head: string): Promise<string | undefined> {
  if ([base, head].some((revision) => revision.startsWith('-'))) return undefined;
  return (
    (await firstLine(git(folder, ['merge-base', base, head]))) ??
    (await firstLine(git(folder, ['merge-base', '--fork-point', base, head]))) ??
    (await commitOf(folder, base))
  );
}

/**
 * What differs between a commit and the work tree below `folder`, committed or not, by paths relative to `folder`.
 *
 * @throws whatever git says.
 */
export async function changedSince(folder: string, commit: string): Promise<ChangedFiles> {
  const [tracked, untracked] = await Promise.all([
    git(folder, ['diff', '--name-status', '--no-renames', '--no-ext-diff', '--relative', '-z', commit, '--']),
    git(folder, ['ls-files', '--others', '--exclude-standard', '-z']),
  ]);
  const changes: ChangedFiles = { modified: [], added: fields(untracked), deleted: [] };
  const words = fields(tracked);
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [status, path = ''] = [words[at], words[at + 1]];
    changes[status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified'].push(path);
  }
  return changes;
}

/**
 * Texts of files at a commit, by paths relative to `folder`, through one process. A file that is not there is left out.
 *
 * @throws whatever git says.
 */
export async function textsAt(
  folder: string,
  commit: string,
  paths: readonly string[],
): Promise<Map<string, string>> {
  // The protocol is made of lines.
  const asked = paths.filter((path) => !path.includes('\n'));
  if (asked.length === 0) return new Map();
  const input = asked.map((path) => `${commit}:./${path}\n`).join('');
  return parseBatch(await git(folder, ['cat-file', '--batch'], input), asked);
}

/** `<object> blob <size>`, the content and a line feed for each; `<name> missing` without content. */
function parseBatch(output: Buffer, paths: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = output.indexOf('\n', at);
    if (end === -1) break;
    const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(output.toString('utf8', at, end)) ?? [];
    at = end + 1;
    if (size === undefined) continue;
    if (type === 'blob') texts.set(path, output.toString('utf8', at, at + Number(size)));
    at += Number(size) + 1;
  }
  return texts;
}

function git(folder: string, args: string[], input?: string): Promise<Buffer> {
  return captureBytes('git', ['--no-optional-locks', ...args], { cwd: folder, input });
}

async function firstLine(answer: Promise<Buffer>): Promise<string | undefined> {
  const text = await answer.catch(() => undefined);
  return text?.toString('utf8').split('\n')[0]?.trim() || undefined;
}

function fields(output: Buffer): string[] {
  return output.toString('utf8').split('\0').filter(Boolean);
}
