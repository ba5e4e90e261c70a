import { resolve } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { executorContext } from './executor-context';

type Executor = (options: object, context: ExecutorContext) => Promise<{ success: boolean }>;

/** Runs one executor as Nx does: in a process of its own, whose exit code is the success. */
async function main([file = '', request = '{}', options = '{}']: string[]): Promise<void> {
  const { default: executor } = require(resolve(file)) as { default: Executor };
  const { success } = await executor(JSON.parse(options), executorContext(JSON.parse(request)));
  process.exit(success ? 0 : 1);
}

void main(process.argv.slice(2));
