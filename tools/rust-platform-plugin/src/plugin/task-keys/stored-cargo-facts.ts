import type { CargoFacts, MemberFacts, PackageFacts, RootFacts } from '../../cargo/cargo-facts';
import { PlatformError } from '../../errors';

/** Cargo facts as JSON, without the packages of the locks: whoever wants those reads the lock. */
export interface StoredFacts {
  members: Array<[string, MemberFacts]>;
  others: Array<[string, PackageFacts]>;
  roots: Array<[string, Pick<RootFacts, 'folder' | 'manifest' | 'resolver' | 'lockFile'>]>;
  problems: Array<{ members: string[]; error: Pick<PlatformError, 'code' | 'what' | 'why' | 'fix'> }>;
}

export function toStored({ members, others, roots, problems }: CargoFacts): StoredFacts {
  return {
    members: [...members],
    others: [...others],
    roots: [...roots].map(([folder, { manifest, resolver, lockFile }]) => [
      folder,
      { folder, manifest, resolver, lockFile },
    ]),
    problems: problems.map(({ members: paths, error: { code, what, why, fix } }) => ({
      members: paths,
      error: { code, what, why, fix },
    })),
  };
}

export function fromStored({ members, others, roots, problems }: StoredFacts): CargoFacts {
  return {
    members: new Map(members),
    others: new Map(others),
    roots: new Map(roots.map(([folder, root]) => [folder, { ...root, packages: undefined, members: [] }])),
    problems: problems.map(({ members: paths, error }) => ({
      members: paths,
      error: new PlatformError({ ...error, ...(error.why === undefined ? {} : { why: error.why }) }),
    })),
  };
}
