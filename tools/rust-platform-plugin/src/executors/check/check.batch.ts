import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch, type BatchEntry } from '../run-batch';
import { CHECK } from './check-task';

export default function checkBatch(
  taskGraph: TaskGraph,
  options: Record<string, object>,
  _overrides: object,
  context: ExecutorContext,
): AsyncGenerator<BatchEntry> {
  return runBatch(CHECK, { taskGraph, options, context });
}
