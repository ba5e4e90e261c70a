/**
 * Which tasks a change of the fixture can change: written down by hand from its manifests, so that it is no echo of what the
 * plugin believes.
 */
export const TARGETS = ['build', 'clippy', 'check', 'rustfmt', 'test', 'test-api'] as const;
export type Target = (typeof TARGETS)[number];

/** Members of the Cargo workspace `rust`. */
export const RUST = [
  'anchored',
  'app',
  'base',
  'codegen',
  'lone',
  'macros',
  'native',
  'peer',
  'peer-plugin',
  'samples',
  'testkit',
  'util',
];
/** A package at the root of the repository, and a Cargo workspace of its own. */
export const EVERYTHING = [...RUST, 'solo', 'top'];

/** Who compiles a crate into its own results: by normal and build dependencies, whatever they are called. */
const DEPENDANTS: Record<string, string[]> = {
  base: ['app', 'peer', 'testkit', 'util'],
  util: ['app'],
  macros: ['app'],
  codegen: ['app'],
  frozen: ['app'],
  solo: ['app'],
};

/** Who compiles it only for tests: their build does not change. */
const TESTED_WITH: Record<string, string[]> = { testkit: ['base'], samples: ['util'] };

/** The service with API tests is app; it needs peer. */
const API_TESTS = ['app', 'peer'];

/** Everything that knows a crate. */
export function dependants(...crates: string[]): string[] {
  return crates.flatMap((crate) => DEPENDANTS[crate] ?? []);
}

/** The release build, and API tests that run its binary. */
export function build(...crates: string[]): string[] {
  return crates.flatMap((crate) => [`${crate}:build`, ...(API_TESTS.includes(crate) ? testApi() : [])]);
}

export function lint(...crates: string[]): string[] {
  return crates.flatMap((crate) => [`${crate}:clippy`, `${crate}:check`]);
}

export function test(...crates: string[]): string[] {
  return crates.map((crate) => `${crate}:test`);
}

/** What compiles tests. */
export function tests(...crates: string[]): string[] {
  return [...lint(...crates), ...test(...crates)];
}

export function rustfmt(...crates: string[]): string[] {
  return crates.map((crate) => `${crate}:rustfmt`);
}

export function testApi(): string[] {
  return ['app:test-api'];
}

/** All that compile. */
export function compile(...crates: string[]): string[] {
  return [...build(...crates), ...tests(...crates)];
}

/** Compiled by the crates and by all that know them. */
export function compileWithDependants(...crates: string[]): string[] {
  const testers = crates.flatMap((crate) => TESTED_WITH[crate] ?? []);
  return [...compile(...projects(crates), ...dependants(...crates)), ...tests(...testers)];
}

/** A Rust source of the library or binary. */
export function source(...crates: string[]): string[] {
  return [...compileWithDependants(...crates), ...rustfmt(...projects(crates))];
}

/** Every cached task of the crates. */
export function all(...crates: string[]): string[] {
  return [...compile(...crates), ...rustfmt(...crates)];
}

/** frozen is excluded: no project, only a part of app. */
function projects(crates: string[]): string[] {
  return crates.filter((crate) => crate !== 'frozen');
}
