import { nxCommandLine } from '../../cargo/nx-command-line';
import { affectedRequest } from './affected-request';
import type { Selection, SelectionRequest } from './selection';

/**
 * Nx has no hook for what `nx affected` selects, but createNodes knows from the command line what the work tree is compared
 * with. So it compares the keys of all crates there and then; in any other run it does nothing.
 *
 * Where the base is not known (daemon, `--files`, `--stdin`, a head that is not checked out, a clone that does not hold the
 * base), every crate counts as changed as soon as a Cargo file or a file elsewhere that some key reads has changed: the
 * selection is then too large, and cached results are still reused.
 */
export async function readSelection(request: SelectionRequest): Promise<Selection> {
  const { env, nxJson } = request;
  const asked = affectedRequest(await nxCommandLine(), { env, nxJson });
  if (asked.kind === 'none') return asked;
  // Loaded only here: other runs need nothing of it.
  const { compareWithBase, everything } =
    require('./compare-with-base') as typeof import('./compare-with-base');
  return asked.kind === 'unknown' ? everything(asked, request) : compareWithBase(asked, request);
}
