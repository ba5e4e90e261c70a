import { parseRustfmtOutput } from '../rustfmt-output';
import { formatGroups, judgeFormats } from './judge-formats';

const A = '/ws/a';
const B = '/ws/b';

function judge(stdout: string, stderr = '', { exitCode = 1, folders = [A, B] } = {}) {
  const verdicts = judgeFormats({ folders, exitCode, blocks: parseRustfmtOutput({ stdout, stderr }, '/ws') });
  return folders.map((folder) => verdicts.get(folder));
}

describe('judgeFormats', () => {
  it('gives a difference to the crate that led to the file, wherever that lies', () => {
    const [a, b] = judge(
      'Diff in /ws/a/src/lib.rs:1:\n-fn  x\n+fn x\nDiff in /ws/b/src/../../a/src/inner.rs:9:\n-y\n+z\n',
    );
    expect(a).toMatchObject({ kind: 'unformatted', files: ['/ws/a/src/lib.rs'] });
    expect(a?.texts).toEqual(['Diff in a/src/lib.rs:1:\n-fn  x\n+fn x']);
    expect(b).toMatchObject({ kind: 'unformatted', files: ['/ws/b/src/../../a/src/inner.rs'] });
  });

  it('passes the others, also with colours', () => {
    const difference = 'Diff in /ws/a/src/lib.rs:1:\n\u001b[31m-x\u001b(B\u001b[m\n';
    expect(judge(difference).map((verdict) => verdict?.kind)).toEqual(['unformatted', 'formatted']);
    expect(judge('', '', { exitCode: 0 }).map((verdict) => verdict?.kind)).toEqual([
      'formatted',
      'formatted',
    ]);
  });

  it('does not know of a crate with an error, nor of all when an error is nobody’s', () => {
    const own = 'error: expected one of `!` or `::`\n --> /ws/b/src/lib.rs:1:4\n';
    expect(judge('', own).map((verdict) => verdict?.kind)).toEqual(['formatted', 'unknown']);
    const missing = 'Error writing files: failed to resolve mod `x`: /ws/b/src/x.rs does not exist\n';
    expect(judge('', missing).map((verdict) => verdict?.kind)).toEqual(['formatted', 'unknown']);
    expect(judge('', 'error: out of luck\n').map((verdict) => verdict?.kind)).toEqual(['unknown', 'unknown']);
    expect(judge('').map((verdict) => verdict?.kind)).toEqual(['unknown', 'unknown']);
    expect(judge('Diff in /elsewhere/x.rs:1:\n').map((verdict) => verdict?.kind)).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  it('shows remarks on the settings to everybody, once', () => {
    const remark = "Warning: can't set `x = y`, unstable features are only available in nightly channel.\n";
    const [a, b] = judge('', remark + remark, { exitCode: 0 });
    expect([a?.texts, b?.texts]).toEqual([[remark.trim()], [remark.trim()]]);
  });

  it('gives everything to a crate that is alone', () => {
    const [a] = judge('Diff in /elsewhere/x.rs:1:\n', '', { folders: [A] });
    expect(a).toMatchObject({ kind: 'unformatted', files: ['/elsewhere/x.rs'] });
  });
});

it('keeps crates apart that one run could not tell from others', () => {
  const crate = (root: string, ...targetSources: string[]) => ({ root, targetSources });
  const [a, b, outer, inner] = [
    crate('a', 'a/src/lib.rs'),
    crate('b', 'shared/main.rs'),
    crate('outer', 'outer/src/lib.rs'),
    crate('outer/inner', 'outer/inner/src/lib.rs'),
  ];
  expect(formatGroups([a, b, outer, inner])).toEqual([[a, inner], [b], [outer]]);
});
