import { explainCargoFailure } from './cargo-failures';
import type { CargoCrate } from './cargo-setup';

const crate = { packageName: 'links', cargoRoot: 'services' } as CargoCrate;

describe('explainCargoFailure', () => {
  it.each([
    ['error: cannot update the lock file /ws/Cargo.lock because --locked was passed to prevent this'],
    ['error: the lock file /ws/Cargo.lock needs to be updated but --locked was passed to prevent this'],
  ])('knows a stale lock by cargo’s own words: %s', (said) => {
    const error = explainCargoFailure(`   Updating crates.io index\n${said}\nhelp: …`, crate);
    expect(error).toMatchObject({ code: 'stale-lock', exitCode: 2 });
    expect(error?.why).toBe(`cargo says: ${said.slice('error: '.length)}`);
    expect(error?.fix[0]).toBe('cargo update --workspace --manifest-path services/Cargo.toml');
  });

  it('names the repository’s own manifest only when there is another root', () => {
    const stale =
      'error: cannot update the lock file /ws/Cargo.lock because --locked was passed to prevent this';
    expect(explainCargoFailure(stale, { ...crate, cargoRoot: '.' })?.fix[0]).toBe('cargo update --workspace');
  });

  it.each([
    ["error: 'cargo-clippy' is not installed for the toolchain 'stable-x86_64-unknown-linux-gnu'.", 'clippy'],
    ['error: no such command: `clippy`', 'clippy'],
    ["\u001b[1m\u001b[31merror\u001b[0m: 'cargo-fmt' is not installed for the toolchain '1.90'", 'rustfmt'],
    ['error: no such command: `fmt`', 'rustfmt'],
  ])('knows a missing component: %s', (text, component) => {
    const error = explainCargoFailure(text, crate);
    expect(error?.code).toBe('component-missing');
    expect(error?.fix[0]).toBe(`rustup component add ${component}`);
  });

  it('knows a missing toolchain', () => {
    const named = explainCargoFailure(
      "error: toolchain '1.77.0-x86_64-unknown-linux-gnu' is not installed",
      crate,
    );
    expect(named?.fix).toEqual(['rustup toolchain install 1.77.0-x86_64-unknown-linux-gnu']);
    const none = explainCargoFailure(
      'error: rustup could not choose a version of cargo to run, because …',
      crate,
    );
    expect(none?.fix).toEqual(['rustup default stable']);
  });

  it('knows a missing linker and dependencies that cannot be had', () => {
    expect(explainCargoFailure('error: linker `cc` not found', crate)?.code).toBe('linker-missing');
    const text = 'error: failed to get `serde` as a dependency of package `links v0.1.0`\n\nCaused by: …';
    const error = explainCargoFailure(text, crate);
    expect(error?.code).toBe('dependencies-unavailable');
    expect(error?.why).toBe('cargo says: failed to get `serde` as a dependency of package `links v0.1.0`');
  });

  it('has nothing to say of a compile error', () => {
    expect(
      explainCargoFailure('error: could not compile `links` (bin "links") due to 1 previous error', crate),
    ).toBeUndefined();
  });
});
