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
  /** Colour may be printed: a terminal, and no NO_COLOR. */
  colour: boolean;
  /** Aborted when the task is to end; `work` then cleans up and throws `signal.reason`. */
  signal: AbortSignal;
  run: RunIdentity;
}

/** What `work` found out; everything of it goes into the report of the task. */
export interface Outcome {
  status: TaskStatus;
  /** Default: 1 for `failed`, 130 for `interrupted`, else 0. */
  exitCode?: number;
  headline: string;
  notes?: string[];
  /** Relative to the workspace root. */
  files?: string[];
  data?: unknown;
  /** Why it is not good, for the report. */
  error?: unknown;
}
