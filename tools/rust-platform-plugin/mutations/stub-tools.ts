import { chmod, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { locateExecutable } from '../src/cargo/locate-executable';

/** A value of RUSTUP_TOOLCHAIN with another rustc; every other one has the same. */
export const OTHER_TOOLCHAIN = 'nightly';
const CHOSEN = 'rustc 1.97.0-nightly (fedcba9876 2026-05-15)\nhost: x86_64-unknown-linux-gnu\n';

/** Programs whose version text a mutation can change; everything else they are asked goes to the real one. */
export const STUBBED = {
  rustc: 'rustc 1.95.0 (59807616e 2026-04-14)\nhost: x86_64-unknown-linux-gnu\nLLVM version: 22.1.2\n',
  cc: 'cc (Fixture 12.2.0) 12.2.0\n',
  postgres: 'postgres (PostgreSQL) 15.4\n',
  initdb: 'initdb (PostgreSQL) 15.4\n',
  'redis-server': 'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=0\n',
} as const;

export type Stubbed = keyof typeof STUBBED;

const REAL = ['cargo', 'rustfmt', 'rustup', 'cargo-fmt', 'cargo-clippy', 'clippy-driver'];

/** A folder for PATH with the real cargo, and with the stubs or the real rustc; `folder` exists. */
export async function stubTools(folder: string, withStubs: boolean): Promise<void> {
  for (const name of withStubs ? (Object.keys(STUBBED) as Stubbed[]) : []) {
    await writeFile(join(folder, name), stubText(name, STUBBED[name]));
    await chmod(join(folder, name), 0o755);
  }
  for (const name of withStubs ? REAL : [...REAL, 'rustc', 'rustdoc']) {
    const real = locateExecutable(name, process.env);
    if (real) await symlink(real, join(folder, name));
  }
}

export function stubText(name: Stubbed, version: string): string {
  const real = locateExecutable(name, process.env) ?? '/bin/false';
  return [
    '#!/bin/sh',
    ...(name === 'rustc' ? chosenToolchain() : []),
    `case "$1" in -vV|--version|-v|-V) cat <<'VERSION'`,
    `${version.trimEnd()}\nVERSION`,
    'exit;; esac',
    `exec ${real} "$@"`,
    '',
  ].join('\n');
}

function chosenToolchain(): string[] {
  return [
    `if [ "$1" = -vV ] && [ "$RUSTUP_TOOLCHAIN" = ${OTHER_TOOLCHAIN} ]; then cat <<'VERSION'`,
    `${CHOSEN}VERSION`,
    'exit; fi',
  ];
}
