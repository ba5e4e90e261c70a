import type { ExecutorContext } from '@nx/devkit';
import { runTask } from '../run-executor';
import { RUSTFMT } from './rustfmt-task';

export default function rustfmt(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ ...RUSTFMT, context, options });
}
