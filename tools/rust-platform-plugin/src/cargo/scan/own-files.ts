import { globsToRegExp } from '../match-glob';
import { ROOT_PACKAGE_FOLDERS } from './root-package-folders';

/** `compile`: for every result, and for those of crates that depend on it. `test`: for what its own tests are made of. */
export type OwnFile = 'compile' | 'test';

/** At the top of a crate: of other tools, for people, of targets of their own, or counted field by field. */
export const NEVER_OWN = [
  'target/**',
  'api/**',
  'bench/**',
  'migrations/**',
  '.*',
  '.*/**',
  '*.md',
  '{README,Readme,readme,CHANGELOG,Changelog,LICENSE,LICENCE,License,COPYING,NOTICE}*',
  '{Cargo.toml,Cargo.lock,project.json,package.json}',
  '{clippy,rustfmt,deny,rust-toolchain}.toml',
  '{rust-toolchain,Makefile,makefile,justfile,Justfile}',
  '{Dockerfile,Containerfile}*',
  '*compose*.{yml,yaml}',
];

export const TEST_FOLDERS = [
  'tests',
  'benches',
  'examples',
  'fixtures',
  'testdata',
  'test-data',
  'test_data',
  'snapshots',
];

/** Read by tests and benches when they run, and compiled into nothing else. What a source names counts even so. */
export const OWN_OF_TESTS = [`{${TEST_FOLDERS.join(',')}}/**`, '**/snapshots/**', '**/*.snap'];

export const IN_ROOT_PACKAGE = ['*.rs', `{${ROOT_PACKAGE_FOLDERS.join(',')}}/**`];

// Made once, since every file of every crate is asked, and not before the first.
let made: Record<'never' | 'ofTests' | 'root', RegExp> | undefined;

function expressions(): NonNullable<typeof made> {
  made ??= {
    never: globsToRegExp(NEVER_OWN),
    ofTests: globsToRegExp(OWN_OF_TESTS),
    root: globsToRegExp(IN_ROOT_PACKAGE),
  };
  return made;
}

/**
 * Whether a path, relative to a crate, is of a place there that counts only because a source names it. `isCompiled`: named
 * by something that may read it while it compiles, for which places of tests are no better.
 */
export function countsByName(path: string, isCompiled: boolean): boolean {
  const clean = path.replace(/^(\.?\/)+/, '');
  const inside = clean.endsWith('/') ? `${clean}x` : clean;
  const { never, ofTests } = expressions();
  return never.test(inside) || never.test(`${clean}/x`) || (isCompiled && ofTests.test(inside));
}

/**
 * Which results a file of a crate's folder counts for because it lies there, if neither git nor Nx ignores it. `path`:
 * relative to the crate, with `/`.
 */
export function ownFile(path: string, { root }: { root: string }): OwnFile | undefined {
  const { never, ofTests, root: inRoot } = expressions();
  if (never.test(path)) return undefined;
  if (ofTests.test(path)) return 'test';
  return root === '.' && !inRoot.test(path) ? undefined : 'compile';
}
