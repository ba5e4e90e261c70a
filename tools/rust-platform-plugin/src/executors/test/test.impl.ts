import type { ExecutorContext } from '@nx/devkit';
import { runTask } from '../run-executor';
import { TEST } from './test-task';

export default function test(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ ...TEST, context, options });
}
