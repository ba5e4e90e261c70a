import type { CargoCrate } from './cargo-setup';
import type { Diagnostic } from './cargo-messages';
import { compileFailure, packageName } from './compile-failure';
import type { CargoResult } from './with-cargo';

const crate = { packageName: 'links', cargoRoot: '.' } as CargoCrate;
const own = '/ws/links/Cargo.toml';

function failed(errors: Array<Partial<Diagnostic>>, stderr = ''): CargoResult {
  return { errors, stderr, exitCode: 101, signal: undefined } as CargoResult;
}

describe('compileFailure', () => {
  it('counts the errors of the crate and names the first place', () => {
    const errors = [
      { manifestPath: own, file: 'src/main.rs', line: 3, message: 'mismatched types' },
      { manifestPath: own, message: 'other' },
    ];
    const error = compileFailure(failed(errors), crate, own);
    expect(error).toMatchObject({ code: 'compile-failed', what: 'links does not compile: 2 errors' });
    expect(error.why).toBe('src/main.rs:3: mismatched types');
    expect(error.fix).toEqual(['cargo check --all-targets -p links']);
  });

  it('says when another crate is the cause', () => {
    const errors = [
      { manifestPath: '/ws/kit/Cargo.toml', packageId: 'path+file:///ws/kit#0.1.0', message: 'x' },
    ];
    expect(compileFailure(failed(errors), crate, own).what).toBe(
      'links was not compiled, because kit does not compile',
    );
  });

  it('falls back to cargo’s last words', () => {
    const error = compileFailure(
      failed([], 'error: package ID specification `links` did not match\nhelp: x\n'),
      crate,
      own,
    );
    expect(error).toMatchObject({
      code: 'cargo-failed',
      why: 'error: package ID specification `links` did not match',
    });
    expect(compileFailure(failed([]), crate, own).why).toBe('cargo ended with exit code 101');
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
