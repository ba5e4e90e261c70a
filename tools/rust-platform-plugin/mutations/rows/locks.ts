import { append, edit, remove, type Change, type Mutation } from '../mutation';
import { compile, compileWithDependants, RUST, tests } from '../tasks';

const LOCK = 'rust/Cargo.lock';
const HASH = 'f'.repeat(64);

/** One `[[package]]` of the lock. */
function locked(name: string, change: (entry: string) => string): Change {
  return ({ edits, path }) =>
    edits.edit(path(LOCK), (text) =>
      text
        .split('\n\n')
        .map((entry) => (entry.includes(`\nname = "${name}"\n`) ? change(entry) : entry))
        .join('\n\n'),
    );
}

const checksum = (entry: string) => entry.replace(/checksum = "[0-9a-f]{64}"/, `checksum = "${HASH}"`);

/** Section 1: the closure of the lock over nodes and edges, never the raw file. */
export const LOCKS: Mutation[] = [
  {
    name: 'another version of a package that two members reach',
    change: locked('memchr', (entry) => checksum(entry).replace(/version = ".*"/, 'version = "2.9.9"')),
    misses: compile('app', 'lone'),
  },
  {
    name: 'a package that only one member reaches',
    change: locked('siphasher', checksum),
    misses: compile('lone'),
    short: true,
  },
  {
    name: 'only an edge, to a version that was there before',
    change: locked('serde_json', (entry) => entry.replace('"itoa 1.0.19"', '"itoa 0.4.8"')),
    misses: compile('app'),
    short: true,
  },
  {
    name: 'an edge of a member',
    change: locked('util', (entry) => entry.replace('"itoa 1.0.19"', '"itoa 0.4.8"')),
    misses: compileWithDependants('util'),
  },
  {
    name: 'only the source of a package',
    change: locked('siphasher', (entry) =>
      entry.replace(
        /source = ".*"\nchecksum = ".*"/,
        'source = "git+https://example.com/siphasher#0123456789"',
      ),
    ),
    misses: compile('lone'),
  },
  {
    name: 'only a checksum',
    change: locked('sqlx-macros', checksum),
    misses: compile('app'),
  },
  {
    name: 'a package that only tests of a dependency reach',
    change: locked('fastrand', checksum),
    misses: tests('util'),
    short: true,
  },
  { name: 'a build dependency', change: locked('cc', checksum), misses: compile('native') },
  {
    name: 'something far below, through an inherited dependency',
    change: locked('serde_core', checksum),
    misses: compile('base', 'app', 'peer', 'testkit', 'util'),
  },
  {
    name: 'the lock of another workspace: not those that use its crate',
    change: edit('other/solo/Cargo.lock', /checksum = ".*"/, `checksum = "${HASH}"`),
    misses: compile('solo'),
  },
  {
    name: 'a comment',
    change: edit(LOCK, 'It is not intended', 'It is really not intended'),
    misses: [],
  },
  { name: 'the version of the format', change: edit(LOCK, 'version = 4', 'version = 3'), misses: [] },
  {
    name: 'a patch that is not used',
    change: append(LOCK, '\n[[patch.unused]]\nname = "itoa"\nversion = "1.9.9"\n'),
    misses: [],
  },
  { name: 'blank lines and line ends', change: windowsLineEnds, misses: [] },
  {
    name: 'merge-conflict markers in it: never reused',
    change: edit(LOCK, 'name = "siphasher"', '<<<<<<< ours\nname = "siphasher"'),
    misses: compile(...RUST),
    always: true,
  },
  {
    name: 'gone: never reused',
    change: remove('other/solo/Cargo.lock'),
    misses: compile('solo'),
    always: true,
  },
];

async function windowsLineEnds({ edits, path }: Parameters<Change>[0]): Promise<void> {
  await edits.edit(path(LOCK), (text) => `${text}\n`.replaceAll('\n', '\r\n'));
}
