import { append, edit, env, tool, write, type Mutation } from '../mutation';
import { OTHER_TOOLCHAIN } from '../stub-tools';
import { all, build, compile, EVERYTHING, lint, RUST, rustfmt, test, testApi, tests } from '../tasks';

const RUSTC = 'rustc 1.96.0 (0123456789 2026-05-20)\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.4\n';

/** Section 1: toolchain, settings of cargo and its tools, and the variables that they read. */
export const SETTINGS: Mutation[] = [
  { name: 'rustc -vV', change: tool('rustc', RUSTC), misses: all(...EVERYTHING), short: true },
  {
    name: 'the toolchain file of the repository',
    change: write('rust-toolchain.toml', '[toolchain]\nchannel = "stable"\n'),
    misses: all(...EVERYTHING),
  },
  {
    name: 'the toolchain file of one workspace',
    change: write('rust/rust-toolchain', 'stable\n'),
    misses: all(...RUST),
  },
  {
    name: 'a toolchain file above the repository',
    change: write('../rust-toolchain.toml', '[toolchain]\nchannel = "stable"\n'),
    misses: all(...EVERYTHING),
  },
  {
    name: 'RUSTUP_TOOLCHAIN that brings another rustc',
    change: env({ RUSTUP_TOOLCHAIN: OTHER_TOOLCHAIN }),
    misses: all(...EVERYTHING),
  },
  {
    name: 'RUSTUP_TOOLCHAIN with the same rustc: its cargo, clippy and rustfmt may be others',
    change: env({ RUSTUP_TOOLCHAIN: 'linked' }),
    misses: all(...EVERYTHING),
  },
  {
    name: '.cargo/config.toml of one workspace',
    change: edit('rust/.cargo/config.toml', '"first"', '"other"'),
    misses: compile(...RUST),
  },
  {
    name: 'a file that .cargo/config.toml includes',
    change: edit('rust/.cargo/extra.toml', '"extra"', '"other"'),
    misses: compile(...RUST),
  },
  {
    name: '.cargo/config.toml above the repository',
    change: write('../.cargo/config.toml', '[build]\nrustflags = ["--cfg", "above"]\n'),
    misses: compile(...EVERYTHING),
  },
  {
    name: 'config.toml of CARGO_HOME',
    change: ({ edits, base }) =>
      edits.write(`${base}/cargo-home/config.toml`, '[build]\nincremental = false\n'),
    misses: compile(...EVERYTHING),
  },
  { name: 'RUSTFLAGS', change: env({ RUSTFLAGS: '-g' }), misses: compile(...EVERYTHING) },
  {
    name: 'the content of a file of flags',
    given: (workspace) => {
      workspace.env['RUSTFLAGS'] = `@${workspace.base}/flags`;
      return workspace.edits.write(`${workspace.base}/flags`, '--cfg one\n');
    },
    change: ({ edits, base }) => edits.write(`${base}/flags`, '--cfg two\n'),
    misses: compile(...EVERYTHING),
  },
  { name: 'RUSTC_WRAPPER', change: env({ RUSTC_WRAPPER: '/bin/false' }), misses: compile(...EVERYTHING) },
  { name: 'RUSTC_BOOTSTRAP', change: env({ RUSTC_BOOTSTRAP: '1' }), misses: compile(...EVERYTHING) },
  {
    name: 'CARGO_ENCODED_RUSTFLAGS',
    change: env({ CARGO_ENCODED_RUSTFLAGS: '-g' }),
    misses: compile(...EVERYTHING),
  },
  {
    name: 'CARGO_PROFILE_RELEASE_LTO',
    change: env({ CARGO_PROFILE_RELEASE_LTO: 'true' }),
    misses: build(...EVERYTHING),
  },
  {
    name: 'CARGO_PROFILE_DEV_DEBUG',
    change: env({ CARGO_PROFILE_DEV_DEBUG: '2' }),
    misses: tests(...EVERYTHING),
  },
  {
    name: 'CFLAGS, which build scripts of C read',
    change: env({ CFLAGS: '-O1' }),
    misses: compile('native'),
    // Any build script may hand it to a compiler.
    either: compile(...EVERYTHING),
  },
  {
    name: 'the C compiler: the crate whose build script uses it',
    change: tool('cc', 'cc (Fixture 13.1.0) 13.1.0\n'),
    misses: compile('native'),
  },
  {
    name: 'clippy.toml of the repository',
    change: write('clippy.toml', 'msrv = "1.80"\n'),
    misses: lint(...EVERYTHING),
    short: true,
  },
  {
    name: '.clippy.toml of one crate',
    change: write('rust/crates/base/.clippy.toml', 'msrv = "1.80"\n'),
    misses: lint('base'),
  },
  { name: 'CLIPPY_CONF_DIR', change: env({ CLIPPY_CONF_DIR: 'docs' }), misses: lint(...EVERYTHING) },
  {
    name: 'rustfmt.toml of one workspace',
    change: write('rust/rustfmt.toml', 'max_width = 90\n'),
    misses: rustfmt(...RUST),
  },
  {
    name: 'rustfmt.toml of one crate',
    change: write('rust/crates/base/.rustfmt.toml', 'max_width = 90\n'),
    misses: rustfmt('base'),
  },
  { name: 'RUSTFMT', change: env({ RUSTFMT: '/opt/rustfmt' }), misses: rustfmt(...EVERYTHING) },
  {
    name: 'settings of nextest',
    change: write('rust/.config/nextest.toml', '[profile.default]\nretries = 2\n'),
    misses: test(...RUST),
  },
  {
    name: 'settings of audits, which are not cached',
    change: write('rust/.cargo/audit.toml', '[output]\n'),
    misses: [],
  },
  { name: 'deny.toml', change: write('deny.toml', '[bans]\n'), misses: [] },
  { name: 'CARGO_TARGET_DIR', change: env({ CARGO_TARGET_DIR: '/tmp/elsewhere' }), misses: [] },
  { name: 'CARGO_TERM_COLOR', change: env({ CARGO_TERM_COLOR: 'always' }), misses: [] },
  {
    name: 'terminal and shell',
    change: env({ TERM: 'dumb', SHLVL: '7', COLUMNS: '80' }),
    misses: [],
  },
  {
    name: 'another user, home and CARGO_HOME',
    change: ({ base, env: variables }) => {
      Object.assign(variables, { USER: 'somebody', HOME: `${base}/tmp`, CARGO_HOME: `${base}/tmp/cargo` });
      return Promise.resolve();
    },
    misses: [],
  },
  { name: 'a variable that nobody reads', change: env({ UNHEARD_OF: '1' }), misses: [] },
  {
    name: 'a variable that a service reads when it runs',
    change: env({ APP_LEVEL: 'high' }),
    misses: [...test('app'), ...testApi()],
    short: true,
  },
  {
    name: 'a variable that a needed service reads when it runs',
    change: env({ PEER_LIMIT: '5' }),
    misses: [...test('peer'), ...testApi()],
  },
  {
    name: 'a new comment in .cargo/config.toml',
    change: append('rust/.cargo/config.toml', '# A comment.\n'),
    misses: [],
    // The text of settings is rarely touched; nothing is lost by taking it as it stands.
    either: compile(...RUST),
  },
];
