import { append, edit, env, write, type Change, type Mutation } from '../mutation';
import { compile, compileWithDependants, rustfmt, testApi } from '../tasks';

const QUERY = 'rust/.sqlx/query-70d501bdc85b04fc40fa92c599432fc63329dd6e35496a0970c77f6c8698ef30.json';

const LIVE = 'DATABASE_URL=postgres://user:word@127.0.0.1:1/fixture\n';

/** Section 1: inputs outside the crate, and what builds read of the environment. */
export const OUTSIDE: Mutation[] = [
  {
    name: 'include_str! of a file outside the crate',
    change: write('shared/banner.txt', 'hello again\n'),
    misses: compileWithDependants('base'),
    short: true,
  },
  {
    name: '#[path] of a module outside the crate',
    change: append('shared/snippet.rs', '// more\n'),
    misses: [...compileWithDependants('util'), ...rustfmt('util')],
  },
  {
    name: 'a README that documents the crate',
    change: append('rust/crates/util/README.md', 'More.\n'),
    misses: compileWithDependants('util'),
  },
  {
    name: 'rerun-if-changed of a build script',
    change: write('shared/schema.json', '{ "version": 2 }\n'),
    misses: compile('app'),
  },
  {
    name: 'rerun-if-env-changed of a build script',
    change: env({ CODEGEN_MODE: 'fast' }),
    misses: compile('app'),
    short: true,
  },
  {
    name: 'a variable that a build script reads without declaring it',
    change: env({ APP_FLAVOUR: 'sweet' }),
    misses: compile('app'),
  },
  { name: 'env!', change: env({ BASE_EDITION: 'second' }), misses: compileWithDependants('base') },
  { name: 'option_env!', change: env({ UTIL_TAG: 'v2' }), misses: compileWithDependants('util') },
  {
    name: 'a variable that a procedural macro reads: its callers',
    change: env({ MACRO_LOCALE: 'de' }),
    misses: compile('app'),
    // The macro itself is the same, but its tests may call it.
    either: compile('macros'),
    short: true,
  },
  {
    name: 'a migration that migrate! embeds',
    change: write('rust/services/app/migrations/20260201000000_more.sql', 'CREATE TABLE more (id INT);\n'),
    misses: compile('app'),
  },
  { name: '.sqlx of the Cargo workspace', change: append(QUERY, '\n'), misses: compile('app') },
  {
    name: '.sqlx of the crate',
    change: write('rust/services/app/.sqlx/query-1.json', '{}\n'),
    misses: compile('app'),
  },
  {
    name: 'a .env above the crate with a live DATABASE_URL, without offline data: never reused',
    given: withoutOfflineData,
    change: write('rust/.env', LIVE),
    misses: compile('app'),
    always: true,
  },
  {
    name: 'a .env above the repository with one: sqlx reads that too',
    given: withoutOfflineData,
    change: write('../.env', LIVE),
    misses: compile('app'),
    always: true,
  },
  {
    name: 'a file that rust-inputs.json names',
    change: append('shared/learned.txt', 'more\n'),
    misses: compileWithDependants('util'),
  },
  {
    name: 'a variable that rust-inputs.json names',
    change: env({ UTIL_LEARNED: '1' }),
    misses: compileWithDependants('util'),
  },
  {
    name: 'rust-inputs.json learns a file of one crate',
    change: edit('rust-inputs.json', '"crates": {', '"crates": { "lone": { "files": ["docs/guide.md"] },'),
    misses: compile('lone'),
  },
  {
    name: 'an include whose path nobody can tell: never reused',
    given: edit(
      'rust/tools/lone/src/lib.rs',
      'pub fn',
      'const X: &str = include_str!(concat!(env!("LONE_FOLDER"), "/x.txt"));\n\npub fn',
    ),
    change: async () => {},
    misses: compile('lone'),
    always: true,
    short: true,
  },
  {
    name: 'a live DATABASE_URL without offline data: never reused',
    given: withoutOfflineData,
    change: env({ DATABASE_URL: 'postgres://user:word@127.0.0.1:1/fixture' }),
    misses: compile('app'),
    always: true,
    // Its servers are others.
    either: testApi(),
  },
];

function withoutOfflineData({ edits, path }: Parameters<Change>[0]): Promise<void> {
  return edits.removeFolder(path('rust/.sqlx'));
}
