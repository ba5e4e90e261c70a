import { join } from 'node:path';
import { EXIT, PlatformError } from '../../errors';
import type { TaskContext } from '../task-context';

/** The `.http` files of the task's service, absolute, and the folder that httpyac may look into. */
export function suiteOf(task: TaskContext): { files: string[]; folder: string } {
  const { workspaceRoot, crate, service, project } = task;
  const files = service?.apiTests ?? [];
  if (files.length > 0) {
    return { files: files.map((file) => join(workspaceRoot, file)), folder: join(workspaceRoot, crate.root) };
  }
  throw new PlatformError({
    code: 'no-api-tests',
    what: `${project} has no API tests`,
    why: `there is no .http file in ${crate.root}/api`,
    fix: `write ${crate.root}/api/health.http:\nGET {{host}}${service?.health ?? '/health'}\n?? status == 200`,
    exitCode: EXIT.usage,
  });
}
