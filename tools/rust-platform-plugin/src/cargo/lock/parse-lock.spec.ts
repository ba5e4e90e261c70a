import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CRATES_IO, lockText } from '../../testing/lock-text';
import { parseLock } from './parse-lock';
import { parseTomlLock } from './parse-toml-lock';

const GIT = 'git+https://example.org/kit?branch=main#0123456789abcdef';

const V1 = `[root]
name = "old"
version = "0.0.1"
dependencies = [
 "kit 0.2.0 (${CRATES_IO})",
]

[[package]]
name = "kit"
version = "0.2.0"
source = "${CRATES_IO}"

[metadata]
"checksum kit 0.2.0 (${CRATES_IO})" = "abc"
`;

const V4 = lockText([
  { name: 'app', dependencies: ['kit 0.1.0', `kit 0.2.0 (${CRATES_IO})`] },
  { name: 'kit', source: GIT },
  { name: 'kit', version: '0.2.0', source: CRATES_IO, checksum: 'abc' },
]);

const withoutLines = (packages: ReturnType<typeof parseLock>) => packages.map((one) => ({ ...one, line: 0 }));

describe('parseLock', () => {
  it.each([
    ['version 1', V1],
    ['version 1 without a root', V1.replace('[root]', '[[package]]')],
    ['version 3', V4.replace('version = 4', 'version = 3')],
    ['version 4', V4],
    ['Windows line ends', V4.replaceAll('\n', '\r\n')],
    ['another layout', V4.replace(/\[\n "(.*)",\n "(.*)",\n\]/, '["$1", "$2"]')],
    ['a patch that nobody uses', `${V4}\n[[patch.unused]]\nname = "x"\nversion = "1.0.0"\n`],
    ['an empty file', ''],
    [
      'the lock of this repository',
      readFileSync(join(__dirname, '../../../../../services/Cargo.lock'), 'utf8'),
    ],
  ])('reads what a TOML parser reads: %s', (_what, text) => {
    expect(withoutLines(parseLock(text))).toEqual(parseTomlLock(text, 'Cargo.lock'));
  });

  it('reads names, sources, checksums of every version, and lines', () => {
    expect(parseLock(V4)[2]).toEqual({
      name: 'kit',
      version: '0.2.0',
      source: CRATES_IO,
      checksum: 'abc',
      dependencies: [],
      replace: undefined,
      line: 17,
    });
    expect(parseLock(V1)[1]).toMatchObject({ name: 'kit', checksum: 'abc' });
    expect(parseLock(V1)[0]).toMatchObject({ name: 'old', dependencies: [`kit 0.2.0 (${CRATES_IO})`] });
  });

  it.each([
    [
      'lock-has-conflicts',
      'services/Cargo.lock:14',
      V4.replace(/version = "0.1.0"\nsource/, '<<<<<<< HEAD\n$&'),
    ],
    ['lock-has-conflicts', 'services/Cargo.lock:8', V4.replace(' "kit 0.1.0",', '>>>>>>> theirs\n$&')],
    ['lock-unreadable', 'services/Cargo.lock:2: its version 9', V4.replace('version = 4', 'version = 9')],
    ['lock-unreadable', 'services/Cargo.lock:22', `${V4}what is this\n`],
    ['lock-unreadable', 'without a name', '[[package]]\nversion = "1.0.0"\n'],
    ['lock-unreadable', 'services/Cargo.lock', V4.slice(0, -20)],
  ])('refuses with %s, naming %s', (code, place, text) => {
    const read = () => parseLock(text, 'services/Cargo.lock');
    expect(read).toThrow(expect.objectContaining({ code, what: expect.stringContaining(place) as string }));
    expect(read).toThrow(/fix: git checkout .*services\/Cargo.lock && cargo update --workspace/);
  });
});
