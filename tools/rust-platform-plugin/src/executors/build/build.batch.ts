import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch, type BatchEntry } from '../run-batch';
import { BUILD } from './build-task';

export default function buildBatch(
  taskGraph: TaskGraph,
  options: Record<string, object>,
  _overrides: object,
  context: ExecutorContext,
): AsyncGenerator<BatchEntry> {
  return runBatch(BUILD, { taskGraph, options, context });
}
