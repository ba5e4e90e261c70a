import { parseCargoMessage } from './cargo-messages';

const base = {
  reason: 'compiler-message',
  package_id: 'path+file:///ws/links#0.1.0',
  manifest_path: '/ws/links/Cargo.toml',
  target: { kind: ['bin'], name: 'links' },
};

function line(message: object): string {
  return JSON.stringify({ ...base, message });
}

describe('parseCargoMessage', () => {
  it('reads an error with its primary position, code and rendered text', () => {
    const spans = [
      { file_name: 'links/src/other.rs', line_start: 1, is_primary: false },
      { file_name: 'links/src/main.rs', line_start: 10, is_primary: true },
    ];
    const rendered = 'error[E0308]: mismatched types\n --> links/src/main.rs:10:5\n\n';
    const text = line({
      level: 'error',
      message: 'mismatched types',
      code: { code: 'E0308' },
      rendered,
      spans,
    });
    expect(parseCargoMessage(text)).toEqual({
      kind: 'diagnostic',
      diagnostic: {
        level: 'error',
        message: 'mismatched types',
        code: 'E0308',
        manifestPath: '/ws/links/Cargo.toml',
        packageId: 'path+file:///ws/links#0.1.0',
        file: 'links/src/main.rs',
        line: 10,
        rendered: rendered.trimEnd(),
      },
    });
  });

  it.each([
    [
      'the compiler’s own count of errors',
      { level: 'error', message: 'aborting due to 2 previous errors', spans: [] },
    ],
    ['the compiler’s own count of warnings', { level: 'warning', message: '3 warnings emitted', spans: [] }],
    ['a note', { level: 'failure-note', message: 'For more information about this error, try …', spans: [] }],
  ])('leaves out %s', (_what, message) => {
    expect(parseCargoMessage(line(message))).toEqual({ kind: 'other' });
  });

  it('counts an internal compiler error and an error without position as errors', () => {
    const ice = parseCargoMessage(
      line({ level: 'error: internal compiler error', message: 'boom', spans: [] }),
    );
    expect(ice).toMatchObject({ kind: 'diagnostic', diagnostic: { level: 'error', file: undefined } });
    const link = parseCargoMessage(line({ level: 'error', message: 'linking with `cc` failed', spans: [] }));
    expect(link).toMatchObject({ diagnostic: { rendered: 'error: linking with `cc` failed' } });
  });

  it('reads an artifact', () => {
    const artifact = {
      reason: 'compiler-artifact',
      package_id: base.package_id,
      manifest_path: '/ws/links/Cargo.toml',
      target: { kind: ['test'], name: 'api' },
      profile: { test: true },
      executable: '/ws/target/debug/deps/api-1',
      filenames: ['/ws/target/debug/deps/api-1'],
      fresh: true,
    };
    expect(parseCargoMessage(JSON.stringify(artifact))).toEqual({
      kind: 'artifact',
      artifact: {
        manifestPath: '/ws/links/Cargo.toml',
        packageId: base.package_id,
        name: 'api',
        kind: ['test'],
        isTest: true,
        executable: '/ws/target/debug/deps/api-1',
        filenames: ['/ws/target/debug/deps/api-1'],
        fresh: true,
      },
    });
  });

  it('reads a build script, and of its variables the names alone', () => {
    const script = {
      reason: 'build-script-executed',
      package_id: base.package_id,
      env: [['GIT_SHA', 'abc']],
      out_dir: '/ws/target/debug/build/links-1/out',
    };
    expect(parseCargoMessage(JSON.stringify(script))).toEqual({
      kind: 'build-script',
      buildScript: {
        packageId: base.package_id,
        outDir: '/ws/target/debug/build/links-1/out',
        env: ['GIT_SHA'],
      },
    });
  });

  it.each(['running 2 tests', '{"rust-build-meta":{}}', '{"reason":"torn'])(
    'is not interested in %s',
    (text) => {
      expect(parseCargoMessage(text)).toBeUndefined();
    },
  );
});
