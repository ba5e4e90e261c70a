import { parseDepInfo } from './dep-info';

const RUSTC = `/ws/target/debug/deps/libx-1.d: lib\\ x/src/lib.rs lib\\ x/src/../../a\\ b.txt

/ws/target/debug/deps/liblibx-1.rmeta: lib\\ x/src/lib.rs lib\\ x/src/../../a\\ b.txt

lib\\ x/src/lib.rs:
lib\\ x/src/../../a\\ b.txt:

# env-dep:CARGO_MANIFEST_DIR=/ws/lib x
# env-dep:FOO
# env-dep:BAR=a=b\\nc
# checksum:blake3=3a28 file_len:151 lib\\ x/src/lib.rs
`;

describe('parseDepInfo', () => {
  it('reads files with blanks, without `..`, each once, and the variables', () => {
    expect(parseDepInfo(RUSTC, '/ws')).toEqual({
      files: ['/ws/lib x/src/lib.rs', '/ws/a b.txt'],
      environment: ['CARGO_MANIFEST_DIR', 'FOO', 'BAR'],
    });
  });

  it.each([
    ['an uplifted one', '/t/app: /ws/a.rs /ws/b\\ \\ c.rs', ['/ws/a.rs', '/ws/b  c.rs']],
    ['a unit without dependencies', '/t/app.d: \n', []],
    ['lines that go on, of a C compiler', 'a.o: a.c \\\n  a.h\r\n', ['/ws/a.c', '/ws/a.h']],
    ['colons in names', 'a: b:c.rs /d:e', ['/ws/b:c.rs', '/d:e']],
  ])('reads %s', (_what, text, files) => {
    expect(parseDepInfo(text, '/ws')).toEqual({ files, environment: [] });
  });

  it.each([
    ['', 'it holds no rule'],
    ['# env-dep:X=1\n', 'it holds no rule'],
    ['a: b\n\u0001\u0002', '"\\u0001\\u0002" is no rule'],
    ['ELF\0\0: x', '"ELF\\u0000\\u0000: x" is no rule'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parseDepInfo(text, '/ws').problem).toBe(problem);
  });
});
