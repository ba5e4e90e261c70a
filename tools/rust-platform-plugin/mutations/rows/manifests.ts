import { append, both, edit, write, type Mutation } from '../mutation';
import { all, build, compile, compileWithDependants, dependants, rustfmt, RUST, tests } from '../tasks';

const ROOT = 'rust/Cargo.toml';
const APP = 'rust/services/app/Cargo.toml';
const UTIL = 'rust/crates/util/Cargo.toml';
const BASE = 'rust/crates/base/Cargo.toml';

/** Section 1: the effective manifest, never the raw one of the root. */
export const MANIFESTS: Mutation[] = [
  {
    name: 'a feature of the crate',
    change: edit(APP, 'fancy = []', 'fancy = []\nplain = []'),
    misses: compile('app'),
  },
  {
    name: 'features of a dependency',
    change: edit(APP, 'serde_json = "1"', 'serde_json = { version = "1", features = ["alloc"] }'),
    misses: compile('app'),
  },
  {
    name: 'the version of a crate, with its entry in the lock',
    change: both(
      edit(UTIL, 'version = "0.1.0"', 'version = "0.2.0"'),
      edit('rust/Cargo.lock', 'name = "util"\nversion = "0.1.0"', 'name = "util"\nversion = "0.2.0"'),
    ),
    misses: compileWithDependants('util'),
  },
  {
    name: 'a new dependency, with its edge in the lock',
    change: both(
      edit(BASE, 'serde.workspace = true', 'serde.workspace = true\nsiphasher = "1"'),
      edit(
        'rust/Cargo.lock',
        /(name = "base"\nversion = "0.1.0"\ndependencies = \[\n "serde",\n)/,
        '$1 "siphasher",\n',
      ),
    ),
    misses: compileWithDependants('base'),
  },
  {
    name: 'a build dependency turned into a normal one',
    change: edit(
      APP,
      /\[build-dependencies\]\n(codegen = .*)\n/,
      '[dependencies.codegen]\npath = "../../crates/codegen"\n',
    ),
    misses: compile('app'),
  },
  {
    name: 'features of a build dependency',
    change: edit(APP, 'codegen" }', 'codegen", default-features = false }'),
    misses: compile('app'),
  },
  {
    name: 'features of a dependency for one platform',
    change: edit(APP, 'other/solo" }', 'other/solo", default-features = false }'),
    misses: compile('app'),
  },
  {
    name: 'the name of a path dependency that is no project, under which the lock and its dependant know it',
    change: both(
      edit('third_party/frozen/Cargo.toml', 'name = "frozen"', 'name = "frost"'),
      append('third_party/frozen/Cargo.toml', '\n[lib]\nname = "frozen"\n'),
      edit(APP, 'frozen = {', 'frozen = { package = "frost",'),
      edit('rust/Cargo.lock', 'name = "frozen"', 'name = "frost"'),
      edit('rust/Cargo.lock', ' "frozen",', ' "frost",'),
    ),
    misses: compileWithDependants('frozen'),
  },
  {
    name: 'the crate type of a library',
    change: append('rust/tools/lone/Cargo.toml', '\n[lib]\ncrate-type = ["cdylib", "rlib"]\n'),
    misses: compile('lone'),
    // Which sources are formatted depends on the list of targets.
    either: rustfmt('lone'),
  },
  {
    name: 'the description, which CARGO_PKG_DESCRIPTION tells',
    change: edit(UTIL, 'Small things', 'Tiny things'),
    misses: compileWithDependants('util'),
  },
  {
    name: 'the version of a path dependency that is no project',
    change: edit('third_party/frozen/Cargo.toml', '0.1.0', '0.1.1'),
    misses: compileWithDependants('frozen'),
  },
  {
    name: 'a dependency for tests only: its build and its dependants hit',
    change: edit(UTIL, 'fastrand = "2"', 'fastrand = { version = "2", features = ["std"] }'),
    misses: tests('util'),
  },
  {
    name: 'the settings of a test',
    change: append(BASE, '\n[[test]]\nname = "base"\nharness = true\n'),
    misses: tests('base'),
    // Which sources are formatted depends on the list of targets.
    either: rustfmt('base'),
  },
  {
    name: 'an own edition',
    change: edit('rust/crates/codegen/Cargo.toml', '"2021"', '"2024"'),
    misses: [...compileWithDependants('codegen'), ...rustfmt('codegen')],
  },
  {
    name: 'an inherited edition: those that inherit it',
    change: edit(ROOT, 'edition = "2021"', 'edition = "2024"'),
    misses: [...compileWithDependants('base'), ...rustfmt('base')],
  },
  {
    name: 'an inherited dependency: those that use it',
    change: edit(ROOT, 'features = ["derive"]', 'features = ["derive", "rc"]'),
    misses: compileWithDependants('base'),
    short: true,
  },
  {
    name: 'an unused entry of [workspace.dependencies]',
    change: edit(ROOT, '1.0.0', '1.0.5'),
    misses: [],
    short: true,
  },
  { name: 'an inherited value that nobody inherits', change: edit(ROOT, 'MIT', 'Apache-2.0'), misses: [] },
  {
    name: 'lints of the workspace: those that inherit them, and their dependants',
    change: edit(ROOT, 'unused_must_use = "warn"', 'unused_must_use = "deny"'),
    misses: compile('base', 'app', ...dependants('base')),
  },
  {
    name: 'own lints',
    change: append('rust/tools/lone/Cargo.toml', '\n[lints.rust]\nunused = "deny"\n'),
    misses: compile('lone'),
  },
  {
    name: 'the release profile of the root',
    change: edit(ROOT, 'opt-level = 1', 'opt-level = 2'),
    misses: build(...RUST),
    short: true,
  },
  {
    name: 'the development profile of the root',
    change: edit(ROOT, 'debug = 1', 'debug = 2'),
    misses: tests(...RUST),
  },
  {
    name: 'the profile of another workspace, which does not count for those that use its crate',
    change: edit('other/solo/Cargo.toml', 'opt-level = 2', 'opt-level = 3'),
    misses: build('solo'),
  },
  { name: 'the resolver', change: edit(ROOT, 'resolver = "2"', 'resolver = "3"'), misses: compile(...RUST) },
  {
    name: '[patch] of the root',
    change: append(ROOT, '\n[patch.crates-io]\nitoa = { path = "../third_party/itoa" }\n'),
    misses: compile(...RUST),
  },
  {
    name: 'a new member, with its entry in the lock: nobody else',
    change: both(
      edit(ROOT, '"crates/util",', '"crates/util",\n  "crates/zulu",'),
      write('rust/crates/zulu/Cargo.toml', '[package]\nname = "zulu"\nversion = "0.1.0"\nedition = "2021"\n'),
      write('rust/crates/zulu/src/lib.rs', 'pub fn zulu() {}\n'),
      append('rust/Cargo.lock', '\n[[package]]\nname = "zulu"\nversion = "0.1.0"\n'),
    ),
    misses: all('zulu'),
  },
];
