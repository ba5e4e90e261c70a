import type { LockedCrate } from './lock-sides';

const CRATE = /^(.+) \((build|test)\)$/;

/** A lock ingredient names a crate of the workspace, with or without what only its tests are linked with. */
export function lockedCrate(ingredient: string): LockedCrate | undefined {
  const [, name, cut] = CRATE.exec(ingredient) ?? [];
  return name === undefined ? undefined : { name, cut: cut === 'test' ? 'test' : 'build' };
}
