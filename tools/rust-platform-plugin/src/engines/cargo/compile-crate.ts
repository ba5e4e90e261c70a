import { compileGroup, type CompiledCrate, type GroupMember, type GroupResult } from './batch/compile-group';
import type { CompileOrder } from './batch/compile-order';
import { partition, type PlannedGroup } from './batch/partition';
import type { CargoEnvironment } from './cargo-environment';
import type { CargoSetup } from './cargo-setup';
import { inTargetDirectory } from './in-target-directory';
import { oneByOne, type OneByOne } from './one-by-one';
import { shareMachine } from './share-machine';
import { UNLOCKED_NOTE } from './cargo';

export type { CompiledCrate } from './batch/compile-group';

/** A crate that is compiled, while its target directory is still held. */
export interface Held {
  crate: CompiledCrate;
  notes: string[];
  /** There was a Cargo.lock before cargo ran. */
  hasLock: boolean;
  /** What the compiler got beyond the environment of this process. */
  env: CargoEnvironment;
  /** All that were compiled by the same process; one object for all of them. */
  together: readonly CargoSetup[];
  /** For further calls of cargo while the directory is held: the others make theirs as well. */
  oneByOne: OneByOne;
}

interface CompileRequest {
  setup: CargoSetup;
  order: CompileOrder;
  /** Settles the promise of the request; never throws. */
  use(held: Held): Promise<void>;
  fail(error: unknown): void;
}

/**
 * Compiles a crate, together with the others of its meeting where one cargo can do that for several. `use` runs while the
 * target directory is still held; its result is what this resolves with.
 *
 * @throws PlatformError `compile-failed`, `not-reached`, `cargo-failed`, and what `use` throws.
 */
export function compileCrate<T>(
  setup: CargoSetup,
  order: CompileOrder,
  use: (held: Held) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request: CompileRequest = {
      setup,
      order,
      use: (held) => use(held).then(resolve, reject),
      fail: reject,
    };
    const hold = (requests: CompileRequest[]): void => void compileAll(requests);
    if (setup.meeting) setup.meeting.attend(request, hold);
    else hold([request]);
  });
}

/** Never rejects: every request is settled. */
async function compileAll(requests: CompileRequest[]): Promise<void> {
  const failAll = (error: unknown): void => requests.forEach(({ fail }) => fail(error));
  try {
    const groups = await partition(requests);
    for (const group of groups) {
      const own = requests.filter(({ setup }) => group.members.some((member) => member.setup === setup));
      await compileHeld(group, own).catch((error: unknown) => own.forEach(({ fail }) => fail(error)));
    }
  } catch (error) {
    failAll(error);
  }
}

async function compileHeld(group: PlannedGroup, requests: CompileRequest[]): Promise<void> {
  const [first] = group.members;
  if (!first) return;
  const holder = holderOf(first, group);
  const held = (work: () => Promise<void>): Promise<void> =>
    shareMachine(holder, () => inTargetDirectory(holder, work));
  await held(async () => {
    const results = await compileGroup(group);
    const compiled = group.members.filter(({ manifestPath }) => !isFailure(results.get(manifestPath)));
    const shared = {
      notes: notesOf(group),
      hasLock: group.hasLock,
      env: group.env,
      together: compiled.map(({ setup }) => setup),
      oneByOne: oneByOne(),
    };
    await Promise.all(
      group.members.map(async ({ setup, manifestPath }) => {
        const request = requests.find((candidate) => candidate.setup === setup);
        const crate = results.get(manifestPath);
        if (isFailure(crate)) request?.fail(crate);
        else await request?.use({ crate, ...shared });
      }),
    );
  });
}

function isFailure(result: GroupResult | undefined): result is Error | undefined {
  return result === undefined || result instanceof Error;
}

/** For whoever waits for the target directory meanwhile. */
function holderOf({ setup }: GroupMember, { members, order }: PlannedGroup): CargoSetup {
  return members.length === 1
    ? setup
    : { ...setup, purpose: `${order.subcommand} of ${members.length} crates` };
}

function notesOf({ hasLock, reason }: PlannedGroup): string[] {
  return [
    ...(hasLock ? [] : [UNLOCKED_NOTE]),
    ...(reason === undefined ? [] : [`compiled apart from the other crates of the run: ${reason}`]),
  ];
}
