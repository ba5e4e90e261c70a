import type { DeclaredScan } from '../cargo/scan/declared-inputs';
import type { CargoSetup } from '../engines/cargo/cargo-setup';
import type { Report } from '../engines/endpoints';
import type { RunIdentity } from '../engines/run/run-identity';
import type { TaskStatus } from '../results/task-report';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate, RustService, ServiceModel } from '../service-model/service-model';
import type { ProjectNames } from './service-stack/project-names';

/** What every executor's work is given. */
export interface TaskContext {
  /** Absolute. */
  workspaceRoot: string;
  options: PlatformOptions;
  model: ServiceModel;
  crate: RustCrate;
  /** `crate.service`. */
  service: RustService | undefined;
  /** Nx project name; folder of the reports. */
  project: string;
  /** Nx project names by project root: where `build` of another project publishes. */
  projectNames: ProjectNames;
  /** Nx target name; file name of the report. */
  target: string;
  /** Prints one line for a person. */
  report: Report;
  /** Takes folders of this machine out of a text that is kept with the result. */
  hide: (text: string) => string;
  /** Colour may be printed: a terminal, and no NO_COLOR. */
  colour: boolean;
  /** Aborted when the task is to end; `work` then cleans up and throws `signal.reason`. */
  signal: AbortSignal;
  run: RunIdentity;
  /** The environment that Nx gives the task, `.env` files of its project included. */
  env: NodeJS.ProcessEnv;
  /** How cargo is called for it, alone or with the other crates of a batch. */
  cargo: Pick<CargoSetup, 'env' | 'announce' | 'progress' | 'meeting' | 'inTurn'>;
  /** What has to be known before it is compiled; the sources are read for that. */
  compiling(): Promise<CompilingFacts>;
  /** What the sources of the repository say that compiling them reads. */
  scan(): Promise<DeclaredScan>;
}

export type CompilingFacts = Pick<CargoSetup, 'inputs' | 'compileEnv' | 'checksQueries'>;

/** What `work` found out; everything of it goes into the report of the task. */
export interface Outcome {
  status: TaskStatus;
  /** Default: 1 for `failed`, 130 for `interrupted`, else 0. */
  exitCode?: number;
  headline: string;
  notes?: string[];
  /** Why the result must not be kept for a later run, one sentence each. */
  unkept?: string[];
  /** Relative to the workspace root. */
  files?: string[];
  data?: unknown;
  /** Why it is not good, for the report. */
  error?: unknown;
}
