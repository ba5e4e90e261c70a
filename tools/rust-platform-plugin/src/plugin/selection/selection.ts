import type { CreateNodesContext } from '@nx/devkit';
import type { KeyRecord } from '../../results/key-record';
import type { ServiceModel } from '../../service-model/service-model';

/** Which targets `nx affected` selects although none of their own files changed. */
export type Selection =
  /** The run selects nothing by changes. */
  | { kind: 'none' }
  /** What changed cannot be told: every crate is selected when a Cargo file or one of `files` has changed. */
  | { kind: 'all'; why: string; files: string[]; byProject: boolean }
  | ExactSelection;

export interface ExactSelection {
  kind: 'exact';
  /** Names of the key variables whose value is another than at the base. */
  variables: ReadonlySet<string>;
  /** Projects whose part of Cargo.lock is another. */
  projects: ReadonlySet<string>;
  /** Changed files that some key has read, relative to the workspace root. */
  files: string[];
  /** Nx hashes without the tasks that the selected ones depend on. */
  excludesDependencies: boolean;
  /** Nx selects whole projects, not tasks. */
  byProject: boolean;
}

export interface SelectionRequest {
  workspaceRoot: string;
  model: ServiceModel;
  /** Every Cargo.toml of the repository, relative. */
  manifests: readonly string[];
  nxJson: CreateNodesContext['nxJsonConfiguration'];
  env: NodeJS.ProcessEnv;
  /** What the keys of this run are made of. */
  keyRecord: () => Promise<KeyRecord>;
}
