import { posix } from 'node:path';

/**
 * Where a repository that may not be on disk at all (a git revision) is thought to lie. Deep, so that a path that leaves it
 * stays one that leaves it.
 */
export const REPOSITORY = '/1/2/3/4/5/6/7/8/repository';

export function absolutePath(path: string): string {
  return posix.resolve(REPOSITORY, path);
}

/** Relative to the repository; `.` is its root. */
export function repositoryPath(path: string): string {
  return posix.relative(REPOSITORY, path) || '.';
}
