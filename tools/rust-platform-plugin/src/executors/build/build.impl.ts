import type { ExecutorContext } from '@nx/devkit';
import { runTask } from '../run-executor';
import { BUILD } from './build-task';

export default function build(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ ...BUILD, context, options });
}
