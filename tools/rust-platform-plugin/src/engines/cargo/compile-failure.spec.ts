import type { CrateVerdict } from './batch/judge-crates';
import type { CargoCrate } from './cargo-setup';
import type { Diagnostic } from './cargo-messages';
import { compileFailure, packageName } from './compile-failure';

const crate = { packageName: 'links', cargoRoot: '.' } as CargoCrate;
const own = '/ws/links/Cargo.toml';
const END = 'cargo ended with exit code 101';

function verdict(kind: CrateVerdict['kind'], errors: Array<Partial<Diagnostic>>, words = ''): CrateVerdict {
  const full = errors.map((error) => ({ rendered: '', manifestPath: own, ...error }) as Diagnostic);
  return { kind, errors: full, words, because: ['kit'] };
}

describe('compileFailure', () => {
  it('counts the errors of the crate and names the first place', () => {
    const errors = [
      { message: 'other' },
      { file: 'src/main.rs', line: 30, message: 'later' },
      { file: 'src/main.rs', line: 3, message: 'mismatched types' },
    ];
    const error = compileFailure(verdict('failed', errors.slice(1)), crate, END);
    expect(error).toMatchObject({ code: 'compile-failed', what: 'links does not compile: 2 errors' });
    expect(error.why).toBe('src/main.rs:3: mismatched types');
    expect(error.fix).toEqual(['cargo check --all-targets -p links']);
  });

  it('says when another crate is the cause, or several', () => {
    const reached = verdict('not-reached', [{ manifestPath: '/ws/kit/Cargo.toml', message: 'x' }]);
    expect(compileFailure(reached, crate, END)).toMatchObject({
      code: 'not-reached',
      what: 'links was not compiled, because kit does not compile',
    });
    expect(compileFailure({ ...reached, because: ['a', 'b', 'c'] }, crate, END).what).toBe(
      'links was not compiled, because a, b and c do not compile',
    );
  });

  it('falls back to cargo’s last words', () => {
    const words = 'error: package ID specification `links` did not match\nhelp: x\n';
    expect(compileFailure(verdict('unknown', [], words), crate, END)).toMatchObject({
      code: 'cargo-failed',
      why: 'error: package ID specification `links` did not match',
    });
    expect(compileFailure(verdict('failed', []), crate, END).why).toBe(END);
  });

  it('knows what is wrong with the surroundings, from the words of cargo and of the compiler', () => {
    const linker = { rendered: 'error: linker `cc` not found', message: 'linker `cc` not found' };
    expect(compileFailure(verdict('failed', [linker]), crate, END).code).toBe('linker-missing');
    const toolchain = "error: toolchain '1.2.3' is not installed\n";
    expect(compileFailure(verdict('unknown', [], toolchain), crate, END).code).toBe('toolchain-missing');
  });
});

it.each([
  ['path+file:///ws/links#0.1.0', 'links'],
  ['path+file:///ws/services/dir#links@0.1.0', 'links'],
  ['registry+https://github.com/rust-lang/crates.io-index#serde@1.0.0', 'serde'],
  ['links 0.1.0 (path+file:///ws/links)', 'links'],
])('reads the name of package id %s', (id, name) => {
  expect(packageName(id)).toBe(name);
});
