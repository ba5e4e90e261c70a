import type { ExecutorContext } from '@nx/devkit';
import { runTask } from '../run-executor';
import { CLIPPY } from './clippy-task';

export default function clippy(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ ...CLIPPY, context, options });
}
