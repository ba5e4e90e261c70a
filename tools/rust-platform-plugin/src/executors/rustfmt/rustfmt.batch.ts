import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch, type BatchEntry } from '../run-batch';
import { RUSTFMT } from './rustfmt-task';

export default function rustfmtBatch(
  taskGraph: TaskGraph,
  options: Record<string, object>,
  _overrides: object,
  context: ExecutorContext,
): AsyncGenerator<BatchEntry> {
  return runBatch(RUSTFMT, { taskGraph, options, context });
}
