import { binary, library } from './write-files';

type Files = Record<string, string>;

/**
 * Layouts that break naive readers, one each (rust-caching.md, section 16). All are path-only, so that cargo answers
 * offline. `manifests` are those that Nx would hand over.
 */
export const LAYOUTS: Record<string, Files> = {
  'several workspaces': {
    'one/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["a", "b"]\n',
    ...library('one/a', 'a', '[dependencies]\nb = { path = "../b" }'),
    ...library('one/b', 'b'),
    'two/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["*"]\n',
    ...library('two/c', 'c', '[dependencies]\na = { path = "../../one/a" }'),
    ...binary('two/d', 'd', '[dev-dependencies]\nc = { path = "../c" }'),
  },
  'root package': {
    'Cargo.toml':
      '[package]\nname = "root"\nversion = "1.2.3"\nedition = "2021"\n[workspace]\nmembers = ["crates/*"]\n[dependencies]\ninner = { path = "crates/inner" }\n',
    'src/main.rs': 'fn main() {}\n',
    'build.rs': 'fn main() {}\n',
    ...library('crates/inner', 'inner'),
    'README.md': 'root',
  },
  'excluded and nested members': {
    'Cargo.toml':
      '[workspace]\nresolver = "2"\nmembers = ["crates/*", "crates/outer/nested"]\nexclude = ["crates/apart", "legacy"]\n',
    ...library('crates/outer', 'outer', '[dependencies]\nnested = { path = "nested" }'),
    ...library('crates/outer/nested', 'nested'),
    ...library('crates/apart', 'apart'),
    ...binary('legacy/old', 'old'),
  },
  'fixtures and templates': {
    'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app"]\n',
    ...library('app', 'app'),
    ...library('app/tests/ui/sample', 'sample'),
    'app/fixtures/broken/Cargo.toml': 'this is = = no toml',
    'templates/service/Cargo.toml': '[package]\nname = "{{name}}"\nversion = "0.1.0"\n',
    ...library('forgotten', 'forgotten'),
  },
  'path dependency pulls a member in': {
    'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["app"]\n',
    ...library('app', 'app', '[dev-dependencies]\nimplicit = { path = "../lib/implicit" }'),
    ...library('lib/implicit', 'implicit', '[build-dependencies]\ndeep = { path = "../deep" }'),
    ...library('lib/deep', 'deep'),
  },
  'inheritance, renames and platforms': {
    'ws/Cargo.toml': [
      '[workspace]',
      'resolver = "2"',
      'members = ["app", "shared", "extra", "mac"]',
      '[workspace.package]',
      'version = "3.1.4"',
      'edition = "2021"',
      'description = "from the workspace"',
      '[workspace.dependencies]',
      'common = { path = "shared", package = "shared", features = ["one"], default-features = false }',
      'extra = { path = "extra" }',
    ].join('\n'),
    'ws/app/Cargo.toml': [
      '[package]',
      'name = "app"',
      'version.workspace = true',
      'edition.workspace = true',
      'description.workspace = true',
      '[features]',
      'default = ["plus"]',
      'plus = ["dep:extra"]',
      '[dependencies]',
      'common = { workspace = true, features = ["two"] }',
      'extra = { workspace = true, optional = true }',
      '[target."cfg(target_os = \\"macos\\")".dependencies]',
      'other = { path = "../mac", package = "mac" }',
    ].join('\n'),
    'ws/app/src/lib.rs': '',
    ...library('ws/shared', 'shared', '[features]\ndefault = []\none = []\ntwo = []'),
    ...library('ws/extra', 'extra'),
    ...library('ws/mac', 'mac'),
  },
  'dev-dependency cycle': {
    'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["a", "b", "c"]\n',
    ...library('a', 'a', '[dev-dependencies]\nb = { path = "../b" }'),
    ...library('b', 'b', '[dependencies]\na = { path = "../a" }'),
    ...library('c', 'c', '[dependencies]\nb = { path = "../b" }\n[dev-dependencies]\nc = { path = "." }'),
  },
  'same binary name twice, folder is not the package': {
    'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["x", "y"]\n',
    ...library('x', 'first', '[[bin]]\nname = "schema"\npath = "src/schema.rs"'),
    'x/src/schema.rs': 'fn main() {}\n',
    ...library(
      'y',
      'second',
      '[[bin]]\nname = "schema"\npath = "src/schema.rs"\n[[bin]]\nname = "gated"\nrequired-features = ["f"]\n[features]\nf = []',
    ),
    'y/src/schema.rs': 'fn main() {}\n',
    'y/src/bin/gated.rs': 'fn main() {}\n',
    'y/src/bin/tool/main.rs': 'fn main() {}\n',
    'y/tests/api/main.rs': '',
    'y/tests/one.rs': '',
    'y/tests/helper/mod.rs': '',
    'y/benches/speed.rs': '',
    'y/examples/show.rs': 'fn main() {}\n',
  },
  'target tables': {
    ...library(
      'kinds',
      'kinds-of-things',
      'autotests = false\ndefault-run = "main-one"\n[lib]\ncrate-type = ["cdylib", "rlib"]\ndoctest = false\n[[bin]]\nname = "main-one"\npath = "src/main.rs"\n[[test]]\nname = "named"\npath = "checks/named.rs"',
    ),
    'kinds/src/main.rs': 'fn main() {}\n',
    'kinds/checks/named.rs': '',
    'kinds/tests/ignored.rs': '',
    ...library('macros', 'macros', '[lib]\nproc-macro = true'),
  },
  'names beyond ASCII': {
    'dienste/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["größe", "naïve ordner"]\n',
    ...library(
      'dienste/größe',
      'groesse',
      'description = "Größe – 大きさ"\n[dependencies]\nnaive = { path = "../naïve ordner" }',
    ),
    ...library('dienste/naïve ordner', 'naive'),
  },
};
