import { isProgress, parseCargoWords } from './cargo-words';

describe('isProgress', () => {
  it.each([
    '   Compiling links v0.1.0 (/ws/links)',
    '    Finished `dev` profile [unoptimized + debuginfo] target(s) in 0.08s',
    '    Blocking waiting for file lock on build directory',
    '   Doc-tests kit',
    '\u001b[1m\u001b[32m    Checking\u001b[0m kit v0.1.0 (/ws/kit)',
  ])('sees %j', (line) => expect(isProgress(line)).toBe(true));

  it.each(['error: could not compile', 'test works ... ok', '  = help: for more', '', 'Diff in /ws/x.rs:1:'])(
    'lets %j pass',
    (line) => expect(isProgress(line)).toBe(false),
  );
});

describe('parseCargoWords', () => {
  it('gives the words on a package to it, with all their lines', () => {
    const said = [
      '   Compiling kit v0.1.0 (/ws/kit)',
      'warning: kit@0.1.0: look here',
      'error: failed to run custom build command for `kit v0.1.0 (/ws/kit)`',
      '',
      'Caused by:',
      '  process didn’t exit successfully: `x` (exit status: 101)',
      '  --- stderr',
      '  error: panicked',
      'warning: build failed, waiting for other jobs to finish...',
      'error: could not compile `links` (lib)',
      '',
      'Caused by:',
      '  process didn’t exit successfully: `rustc` (signal: 9, SIGKILL: kill)',
    ].join('\n');
    const { packages, others } = parseCargoWords(said);
    expect(others).toBe('');
    expect(packages.map(({ name, folder, isError }) => [name, folder, isError])).toEqual([
      ['kit', undefined, false],
      ['kit', '/ws/kit', true],
      ['links', undefined, true],
    ]);
    expect(packages[1]?.text).toContain('  error: panicked\n');
    expect(packages[2]?.text).toContain('SIGKILL');
  });

  it('drops what counts messages that are shown anyway', () => {
    const said = [
      'warning: `kit` (lib) generated 1 warning',
      'error: could not compile `kit` (lib) due to 1 previous error; 1 warning emitted',
      'warning: output filename collision.',
      'The example target `ex` in package `b` has the same output filename.',
      'warning: target filter `examples` specified, but no targets matched; this is a no-op',
    ].join('\n');
    expect(parseCargoWords(said)).toEqual({ packages: [], others: '' });
  });

  it('leaves the rest to everybody', () => {
    const lock = 'error: the lock file /ws/Cargo.lock needs to be updated but --locked was passed';
    expect(parseCargoWords(`${lock}\n`)).toEqual({ packages: [], others: `${lock}\n` });
    const resolver =
      'error: failed to select a version for `serde`.\n    ... required by package `kit v0.1.0 (/ws/kit)`';
    expect(parseCargoWords(resolver).packages).toEqual([]);
  });
});
