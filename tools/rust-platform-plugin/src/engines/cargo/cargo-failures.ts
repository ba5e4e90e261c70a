import { EXIT, PlatformError } from '../../errors';
import type { CargoCrate } from './cargo-setup';

/** The failures of cargo and rustup that have a known fix; `undefined` when the output shows none of them. */
export function explainCargoFailure(stderr: string, crate: CargoCrate): PlatformError | undefined {
  const text = stripAnsi(stderr);
  return (
    staleLock(text, crate) ??
    missingToolchain(text) ??
    missingComponent(text) ??
    missingLinker(text) ??
    unavailableDependencies(text, crate)
  );
}

export function cargoMissing(cause?: unknown): PlatformError {
  return new PlatformError({
    code: 'cargo-missing',
    what: 'cargo is not installed, or not on PATH',
    why: 'the crates of this repository are built by it',
    fix: [
      "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . ~/.cargo/env",
      'sudo apt-get install -y rustup && rustup default stable    (Debian 13, Ubuntu 24.04 and later)',
    ],
    exitCode: EXIT.preflight,
    cause,
  });
}

export function stripAnsi(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b(?:\[[0-9;]*[A-Za-z]|\(B)/gu, '');
}

/** `--manifest-path services/Cargo.toml`, or nothing when the Cargo workspace is the repository. */
export function manifestArgument({ cargoRoot }: Pick<CargoCrate, 'cargoRoot'>): string {
  return cargoRoot === '.' ? '' : ` --manifest-path ${cargoRoot}/Cargo.toml`;
}

function staleLock(text: string, crate: CargoCrate): PlatformError | undefined {
  const said = /^error: (.*lock file .*--locked was passed.*)$/mu.exec(text)?.[1];
  if (said === undefined) return undefined;
  return new PlatformError({
    code: 'stale-lock',
    what: `Cargo.lock does not fit the manifests, so ${crate.packageName} was not compiled`,
    why: `cargo says: ${said}`,
    fix: [
      `cargo update --workspace${manifestArgument(crate)}`,
      `cargo generate-lockfile${manifestArgument(crate)}`,
    ],
    exitCode: EXIT.usage,
  });
}

function missingToolchain(text: string): PlatformError | undefined {
  const named = /toolchain '([^']+)' is not installed/u.exec(text)?.[1];
  if (named === undefined && !text.includes('rustup could not choose a version of')) return undefined;
  return new PlatformError({
    code: 'toolchain-missing',
    what:
      named === undefined
        ? 'rustup has no default toolchain'
        : `the Rust toolchain ${named} is not installed`,
    why: named === undefined ? undefined : 'rust-toolchain.toml or RUSTUP_TOOLCHAIN asks for it',
    fix: named === undefined ? 'rustup default stable' : `rustup toolchain install ${named}`,
    exitCode: EXIT.preflight,
  });
}

const COMPONENTS = [
  {
    component: 'clippy',
    pattern:
      /'cargo-clippy(\.exe)?' is not installed|no such command: `clippy`|clippy-driver.*is not installed/u,
  },
  {
    component: 'rustfmt',
    pattern: /'(cargo-fmt|rustfmt)(\.exe)?' is not installed|no such command: `fmt`|could not find rustfmt/u,
  },
];

function missingComponent(text: string): PlatformError | undefined {
  const found = COMPONENTS.find(({ pattern }) => pattern.test(text));
  if (!found) return undefined;
  return new PlatformError({
    code: 'component-missing',
    what: `${found.component} is not installed for this Rust toolchain`,
    fix: [
      `rustup component add ${found.component}`,
      `sudo apt-get install -y rust-${found.component}    (Rust from Debian)`,
    ],
    exitCode: EXIT.preflight,
  });
}

function missingLinker(text: string): PlatformError | undefined {
  const linker = /linker `([^`]+)` not found/u.exec(text)?.[1];
  if (linker === undefined) return undefined;
  return new PlatformError({
    code: 'linker-missing',
    what: `the linker ${linker} is not installed`,
    why: 'rustc needs a C toolchain to link programs',
    fix: ['sudo apt-get install -y build-essential', 'xcode-select --install    (macOS)'],
    exitCode: EXIT.preflight,
  });
}

function unavailableDependencies(text: string, crate: CargoCrate): PlatformError | undefined {
  const said =
    /^\s*(?:error: )?((?:failed to download|failed to get|failed to fetch|unable to update|no matching package named).*)$/imu.exec(
      text,
    )?.[1];
  if (said === undefined) return undefined;
  return new PlatformError({
    code: 'dependencies-unavailable',
    what: `cargo could not get the dependencies of ${crate.packageName}`,
    why: `cargo says: ${said}`,
    fix: `cargo fetch --locked${manifestArgument(crate)}`,
  });
}
