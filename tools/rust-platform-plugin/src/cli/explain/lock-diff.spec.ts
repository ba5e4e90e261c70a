import { lockDiff } from './lock-diff';
import { LockSides, type LockedCrate } from './lock-sides';

type Packages = Record<string, string[]>;

/** `name version` → what it links with; `app` and `lib` are crates of the workspace. */
function lock(packages: Packages): string {
  const entries = Object.entries(packages).map(([id, dependencies]) => {
    const [name, version] = id.split(' ');
    const source = version ? '\nsource = "registry+https://github.com/rust-lang/crates.io-index"' : '';
    const list = dependencies.map((one) => `\n "${one}",`).join('');
    const links = list ? `\ndependencies = [${list}\n]` : '';
    return `[[package]]\nname = "${name}"\nversion = "${version ?? '0.1.0'}"${source}${links}\n`;
  });
  return `version = 4\n\n${entries.join('\n')}`;
}

/** As a run keeps it; `insta` is linked with the tests of app only. */
function sides(text: string): LockSides {
  const manifest = (name: string, value: unknown) => ({
    group: 'manifest' as const,
    name,
    value: JSON.stringify(value),
  });
  const ingredients = [
    manifest('app/Cargo.toml [package] name', 'app'),
    manifest('app/Cargo.toml [dependencies] web', { package: 'axum', version: '0.8' }),
    manifest('app/Cargo.toml [dev-dependencies] snapshots', { package: 'insta' }),
    manifest('app/Cargo.toml [dev-dependencies] lib', { path: 'lib' }),
    manifest('app/Cargo.toml [target.cfg(unix).dependencies] lib', { path: 'lib' }),
  ];
  const record = { schemaVersion: 1 as const, parts: { all: ingredients }, keys: {}, locks: { '.': 'hash' } };
  return new LockSides(record, new Map([['hash', text]]));
}
const APP: LockedCrate = { name: 'app', cut: 'build' };
function texts(before: Packages, after: Packages, crate = APP): string[] {
  const [old, now] = [before, after].map((packages) => sides(lock(packages)).closure(crate));
  if (!old || !now) throw new Error(`no lock has ${crate.name}`);
  return lockDiff(old, now).map(
    ({ kind, name, from, to, way }) => `${kind} ${name} ${from ?? '-'} ${to ?? '-'} (${way})`,
  );
}

const BASE: Packages = {
  app: ['axum', 'insta', 'lib'],
  lib: ['tempfile'],
  'axum 0.8.1': ['serde'],
  'serde 1.0.200': [],
  'insta 1.0.0': ['similar'],
  'similar 2.0.0': [],
  'tempfile 3.0.0': ['getrandom 0.4.3'],
  'getrandom 0.3.4': [],
  'getrandom 0.4.3': [],
  'rand 0.9.0': ['getrandom 0.3.4'],
};
const changed = (changes: Packages, without: string[] = []): Packages => {
  const left = Object.entries(BASE).filter(([id]) => !without.includes(id));
  return { ...Object.fromEntries(left), ...changes };
};

test('a bump is told with the way to it', () => {
  expect(texts(BASE, changed({ 'serde 1.0.201': [] }, ['serde 1.0.200']))).toEqual([
    'changed serde 1.0.200 1.0.201 (app > axum > serde)',
  ]);
});

test('an edge that moved to another version, where every package stayed', () => {
  const both = changed({ app: ['axum', 'insta', 'lib', 'rand'] });
  expect(texts(both, { ...both, 'tempfile 3.0.0': ['getrandom 0.3.4'] })).toEqual([
    'changed tempfile: getrandom 0.4.3 0.3.4 (app > lib > tempfile)',
  ]);
});

test('what came with a new dependency comes after it', () => {
  const after = changed({ app: ['axum', 'insta', 'lib', 'rand'] });
  expect(texts(BASE, after)).toEqual([
    'added rand - 0.9.0 (app > rand)',
    'added getrandom - 0.3.4 (app > rand > getrandom)',
  ]);
  expect(texts(after, BASE)?.[0]).toBe('removed rand 0.9.0 - (app > rand)');
});

test('of several versions of one package, the compatible ones are a pair', () => {
  const both = changed({ app: ['axum', 'insta', 'lib', 'rand'] });
  const after: Packages = { ...both, 'getrandom 0.3.5': [], 'rand 0.9.0': ['getrandom 0.3.5'] };
  delete after['getrandom 0.3.4'];
  expect(texts(both, after)).toEqual(['changed getrandom 0.3.4 0.3.5 (app > rand > getrandom)']);
});

test('what only tests are linked with counts for them alone', () => {
  const after = changed({ 'similar 2.1.0': [] }, ['similar 2.0.0']);
  expect(texts(BASE, after)).toEqual([]);
  expect(texts(BASE, after, { name: 'app', cut: 'test' })).toEqual([
    'changed similar 2.0.0 2.1.0 (app > insta > similar)',
  ]);
});

test('another source of the same version, without its password', () => {
  const from = (source: string) =>
    sides(
      `version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "dep",\n]\n\n[[package]]\nname = "dep"\nversion = "1.0.0"\nsource = "${source}"\n`,
    ).closure(APP) ?? fail();
  const registry = 'registry+https://github.com/rust-lang/crates.io-index';
  expect(lockDiff(from(registry), from('git+https://u:secret@host/x#abc'))).toEqual([
    {
      group: 'lock',
      kind: 'changed',
      name: 'dep',
      from: `1.0.0 of ${registry}`,
      to: '1.0.0 of git+https://***@host/x#abc',
      way: 'app > dep',
    },
  ]);
});

test('nothing is guessed from a lock that cannot be read, or that lacks the crate', () => {
  expect(sides('<<<<<<< ours').closure(APP)).toBeUndefined();
  expect(sides(lock(BASE)).closure({ name: 'other', cut: 'build' })).toBeUndefined();
});

function fail(): never {
  throw new Error('no such crate');
}
