import { dirname, resolve } from 'node:path';
import type { CargoProblem } from './cargo-workspace';

/** Codes of problems that are a fault of the file itself; with the others cargo or the toolchain is at fault. */
const MANIFEST_FAULTS = ['manifest-unreadable', 'manifest-invalid'];

export function cargoMissing(manifest: string): CargoProblem {
  return {
    code: 'cargo-missing',
    file: manifest,
    what: 'cargo is not on PATH',
    why: 'the crates were read from their manifests; every task that runs cargo will fail',
    fix: "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . ~/.cargo/env",
  };
}

export function toolchainMissing(
  manifest: string,
  pinnedBy: { file: string; text: string } | undefined,
  stderr: string,
): CargoProblem {
  const name = /toolchain '([^']*)'/.exec(stderr)?.[1];
  return {
    code: 'toolchain-missing',
    // Not the toolchain file, which may lie above the workspace: tasks find the problem by the workspace of their crate.
    file: manifest,
    what: `the toolchain ${name ?? 'that is asked for'} is not installed`,
    why: pinnedBy
      ? `${pinnedBy.file} asks for it`
      : 'RUSTUP_TOOLCHAIN or a directory override of rustup asks for it',
    fix: name ? `rustup toolchain install ${name}` : `cd ${dirname(manifest)} && rustup toolchain install`,
  };
}

/** cargo answered with an error. One that names a manifest is a fault of that manifest. */
export function cargoRefused(manifest: string, stderr: string): CargoProblem {
  const text = stderr.replace(/\n\s*Stack backtrace:[\s\S]*$/, '').trim();
  const [what = 'it said nothing', ...rest] = text.replace(/^error: /, '').split('\n');
  const place = placeIn(text, dirname(manifest));
  const isFault =
    place !== undefined && !/(this|your|installed) version of cargo|older than|requires rustc/i.test(text);
  return {
    code: isFault ? 'manifest-invalid' : 'cargo-refused',
    file: place?.file ?? manifest,
    line: place?.line,
    what: `cargo refuses it: ${what}`,
    why: rest.join('\n').trim() || undefined,
    fix: `cargo metadata --no-deps --offline --format-version 1 --manifest-path ${manifest}`,
  };
}

function placeIn(text: string, folder: string): { file: string; line?: number } | undefined {
  const arrow = /--> (\S.*?Cargo\.toml):(\d+):\d+/.exec(text);
  if (arrow?.[1]) return { file: resolve(folder, arrow[1]), line: Number(arrow[2]) };
  const named = /failed to parse manifest at `([^`]+)`/.exec(text)?.[1];
  return named === undefined ? undefined : { file: resolve(folder, named) };
}

/** cargo or the toolchain is at fault, not a manifest: inference goes on, and the tasks say so when they run. */
export function isCargoFault({ code }: CargoProblem): boolean {
  return !MANIFEST_FAULTS.includes(code);
}
