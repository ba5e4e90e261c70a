import { changedSince } from '../../cargo/git-revision';
import type { AffectedRequest } from './affected-request';
import { changedKeys } from './changed-keys';
import { comparedCommit } from './compared-commit';
import { filesBeyond } from './files-beyond';
import type { Selection, SelectionRequest } from './selection';

type Since = Extract<AffectedRequest, { kind: 'since' }>;

/** Never rejects: what cannot be compared counts as changed. */
export async function compareWithBase(asked: Since, request: SelectionRequest): Promise<Selection> {
  const { workspaceRoot } = request;
  const { byProject, excludesDependencies } = asked;
  try {
    const found = await comparedCommit(asked, workspaceRoot);
    if ('why' in found) return await everything({ why: found.why, byProject }, request);
    const changes = await changedSince(workspaceRoot, found.commit);
    const changed = await changedKeys({ ...request, commit: found.commit, changes });
    return { kind: 'exact', ...changed, excludesDependencies, byProject };
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    return everything({ why: `the comparison with ${asked.base} failed: ${why}`, byProject }, request);
  }
}

export async function everything(
  { why, byProject }: { why: string; byProject: boolean },
  { keyRecord, model, workspaceRoot }: SelectionRequest,
): Promise<Selection> {
  return { kind: 'all', why, files: filesBeyond(await keyRecord(), model, workspaceRoot), byProject };
}
