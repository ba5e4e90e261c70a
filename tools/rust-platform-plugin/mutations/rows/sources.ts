import { append, both, edit, remove, write, type Mutation } from '../mutation';
import { compile, compileWithDependants, lint, rustfmt, source, test, tests } from '../tasks';

/** Section 1: own sources and those of all path dependencies. */
export const SOURCES: Mutation[] = [
  {
    name: 'a source of a library that four crates know',
    change: append('rust/crates/base/src/parts.rs', '// more\n'),
    misses: source('base'),
    short: true,
  },
  {
    name: 'a source of a binary',
    change: append('rust/services/app/src/main.rs', '// more\n'),
    misses: source('app'),
  },
  {
    name: 'a source of a service that another one needs',
    change: append('rust/services/peer/src/main.rs', '// more\n'),
    misses: source('peer'),
  },
  {
    name: 'a source of a build dependency',
    change: append('rust/crates/codegen/src/lib.rs', '// more\n'),
    misses: source('codegen'),
  },
  {
    name: 'a source of a dev-dependency of a dependency: its dependants hit',
    change: append('rust/crates/samples/src/lib.rs', '// more\n'),
    misses: source('samples'),
    short: true,
  },
  {
    name: 'a source of a dev-dependency that closes a cycle',
    change: append('rust/crates/testkit/src/lib.rs', '// more\n'),
    misses: source('testkit'),
  },
  {
    name: 'a source that git ignores',
    change: append('rust/crates/samples/src/made/mod.rs', '// more\n'),
    misses: source('samples'),
  },
  {
    name: 'a path dependency of another Cargo workspace, renamed and for one target only',
    change: append('other/solo/src/lib.rs', '// more\n'),
    misses: source('solo'),
  },
  {
    name: 'a path dependency that is no project',
    change: append('third_party/frozen/src/lib.rs', '// more\n'),
    misses: source('frozen'),
  },
  {
    name: 'a nested member: the crate around it hits',
    change: append('rust/services/peer/plugin/src/lib.rs', '// more\n'),
    misses: source('peer-plugin'),
    short: true,
  },
  {
    name: 'a source of the package at the root of the repository',
    change: append('src/main.rs', '// more\n'),
    misses: source('top'),
  },
  {
    name: 'another binary',
    change: write('rust/services/app/src/bin/second.rs', 'fn main() {}\n'),
    misses: source('app'),
  },
  {
    name: 'a module moved',
    change: both(
      remove('rust/crates/base/src/parts.rs'),
      write('rust/crates/base/src/parts/mod.rs', 'pub fn parts() -> usize {\n    3\n}\n'),
    ),
    misses: source('base'),
  },
  {
    name: "a crate's own test: its build and its dependants hit",
    change: append('rust/crates/base/tests/base.rs', '// more\n'),
    misses: [...tests('base'), ...rustfmt('base')],
    short: true,
  },
  {
    name: 'a new test',
    change: write('rust/crates/util/tests/second.rs', '#[test]\nfn second() {}\n'),
    misses: [...tests('util'), ...rustfmt('util')],
  },
  {
    name: 'a benchmark of the crate, which only lints compile',
    change: write('rust/crates/base/benches/speed.rs', 'fn main() {}\n'),
    misses: [...lint('base'), ...rustfmt('base')],
    // `cargo test` compiles a benchmark that says `test = true`.
    either: test('base'),
  },
  {
    name: 'data of a test',
    change: write('rust/crates/base/tests/data/sample.json', '{ "sample": 2 }\n'),
    misses: test('base'),
    // A test may hold it by a macro of its own.
    either: lint('base'),
  },
  {
    name: 'a C source that a build script compiles',
    change: append('rust/tools/native/native.c', '/* more */\n'),
    misses: compile('native'),
  },
  {
    name: 'a file that a procedural macro reads in the folder of its caller',
    change: write('rust/services/app/words.txt', 'other words\n'),
    misses: compile('app'),
  },
  {
    name: 'a file that a procedural macro reads in its own folder',
    change: write('rust/crates/macros/dictionary.txt', 'another\n'),
    misses: compileWithDependants('macros'),
  },
  {
    name: 'formatting of a source',
    change: edit('rust/tools/lone/src/lib.rs', '    memchr', '  memchr'),
    misses: source('lone'),
  },
];
