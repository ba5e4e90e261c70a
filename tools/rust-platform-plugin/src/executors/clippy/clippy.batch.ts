import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { runBatch, type BatchEntry } from '../run-batch';
import { CLIPPY } from './clippy-task';

export default function clippyBatch(
  taskGraph: TaskGraph,
  options: Record<string, object>,
  _overrides: object,
  context: ExecutorContext,
): AsyncGenerator<BatchEntry> {
  return runBatch(CLIPPY, { taskGraph, options, context });
}
