import type { ExecutorContext } from '@nx/devkit';
import { runTask } from '../run-executor';
import { CHECK } from './check-task';

export default function check(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ ...CHECK, context, options });
}
