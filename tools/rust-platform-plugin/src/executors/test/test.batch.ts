import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch, type BatchEntry } from '../run-batch';
import { TEST } from './test-task';

export default function testBatch(
  taskGraph: TaskGraph,
  options: Record<string, object>,
  _overrides: object,
  context: ExecutorContext,
): AsyncGenerator<BatchEntry> {
  return runBatch(TEST, { taskGraph, options, context });
}
