import { commitOf, mergeBase } from '../../cargo/git-revision';
import type { AffectedRequest } from './affected-request';

type Since = Extract<AffectedRequest, { kind: 'since' }>;

/** The commit that Nx compares the work tree with, or why there is none that says the same. */
export async function comparedCommit(
  request: Since,
  workspaceRoot: string,
): Promise<{ commit: string } | { why: string }> {
  const head = await commitOf(workspaceRoot, 'HEAD');
  if (head === undefined) return { why: 'git has no commit here' };
  if (request.uncommitted) return { commit: head };
  // Keys are made of the work tree, whatever revision the run is asked to judge.
  if (request.head !== undefined && (await commitOf(workspaceRoot, request.head)) !== head) {
    return { why: `${request.head} is not what is checked out` };
  }
  const commit = await mergeBase(workspaceRoot, request.base, request.head ?? 'HEAD');
  return commit === undefined ? { why: `this clone does not hold ${request.base}` } : { commit };
}
