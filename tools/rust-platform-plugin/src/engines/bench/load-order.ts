import type { LoadTarget } from './measure-phase';
import type { RunFigures } from './run-figures';
import type { SetupRequest } from './scenarios';
import type { SetupFailure, SetupFigures } from './send-setup';

/** What the child process reads from its stdin, as JSON. */
export interface LoadOrder {
  target: LoadTarget;
  setup: SetupRequest[];
  setupLimitSeconds: number;
  /** The warm-up first, then the runs. */
  phases: LoadPhase[];
}

export interface LoadPhase {
  kind: 'warmup' | 'run';
  seconds: number;
}

/** What the child process writes to its stdout, one JSON text per line. */
export type LoadMessage =
  | { type: 'setup'; figures: SetupFigures }
  | { type: 'setup-failed'; failure: SetupFailure }
  | { type: 'phase-started'; phase: number }
  | { type: 'phase'; phase: number; figures: RunFigures };
