import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { PlatformError } from '../../errors';
import { whoListens } from '../../process/process-facts';
import { temporaryRoot } from '../../process/private-folder';
import { probeAddress } from './health-probe';
import { portTaken } from './readiness-errors';
import type { ServiceSpec, ServiceState } from './service-spec';

/**
 * What must hold before a process is started. `holder`: a service of this checkout that was given the port, also when it
 * does not listen yet.
 *
 * @throws PlatformError `unsafe-cleanup`, `port-taken`.
 */
export async function checkSpec(
  spec: ServiceSpec,
  workspaceRoot: string,
  holder: ServiceState | undefined,
): Promise<void> {
  for (const path of spec.cleanup?.paths ?? []) await assertRemovable(path, workspaceRoot);
  const listeners = await whoListens(spec.port, probeAddress(spec.health?.host ?? ''));
  if (listeners.length === 0 && !holder) return;
  throw await portTaken(spec, holder && `service ${holder.name} of this checkout (${holder.purpose})`);
}

/** Cleaning up removes folders with everything in them: only below the workspace or the temporary folder. */
async function assertRemovable(path: string, workspaceRoot: string): Promise<void> {
  const parents = await Promise.all([workspaceRoot, temporaryRoot()].map((folder) => realFolder(folder)));
  const real = isAbsolute(path) ? join(await realFolder(dirname(resolve(path))), basename(path)) : path;
  if (isAbsolute(path) && parents.some((parent) => isBelow(parent, real))) return;
  throw new PlatformError({
    code: 'unsafe-cleanup',
    what: `${path} is not removed after a service: it is neither below ${parents.join(' nor below ')}`,
    fix: 'use a folder below the temporary folder',
  });
}

function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}

function isBelow(parent: string, path: string): boolean {
  const way = relative(parent, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
