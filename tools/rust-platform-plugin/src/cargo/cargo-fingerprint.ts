import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCargoConfig } from './cargo-config';
import { readCrateLayout, readFolder, type CrateLayout } from './crate-layout';
import { toolchainIdentity } from './toolchain';

/** Environment that changes what `cargo metadata` says. */
const VARIABLES = [
  'CARGO_TARGET_DIR',
  'CARGO_BUILD_TARGET_DIR',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'RUSTUP_TOOLCHAIN',
];

export interface CargoFiles {
  /** Changes with every file, program and variable that reading depends on. */
  fingerprint: string;
  /** Text of each manifest by its absolute path. */
  texts: Map<string, string>;
  /** By crate folder. */
  layouts: Map<string, CrateLayout>;
  /** Names of everything in a crate folder. */
  names: Map<string, ReadonlySet<string>>;
}

/** Reads everything that decides the answer of cargo, without asking cargo. A manifest that is gone is left out. */
export function readCargoFiles(manifests: string[], env: NodeJS.ProcessEnv, salt: string[]): CargoFiles {
  const texts = new Map<string, string>();
  const layouts = new Map<string, CrateLayout>();
  const names: CargoFiles['names'] = new Map();
  const hash = createHash('sha256').update(JSON.stringify(salt));
  for (const file of [...manifests].sort()) {
    const text = readIfThere(file);
    if (text === undefined) continue;
    const folder = dirname(file);
    const entries = readFolder(folder);
    const own = new Set(entries.map(({ name }) => name));
    const layout = readCrateLayout(folder, entries);
    texts.set(file, text);
    layouts.set(folder, layout);
    names.set(folder, own);
    const lock = own.has('Cargo.lock') ? readIfThere(join(folder, 'Cargo.lock')) : undefined;
    hash.update(JSON.stringify([file, text, layout, lock ?? null]));
  }
  for (const folder of foldersThatDecide(names)) {
    hash.update(JSON.stringify([toolchainIdentity('cargo', folder, env), readCargoConfig(folder, env)]));
  }
  hash.update(JSON.stringify(VARIABLES.map((name) => env[name] ?? null)));
  return { fingerprint: hash.digest('hex'), texts, layouts, names };
}

/** Configuration and toolchain are looked up from a workspace root: the folders with a lock or on top of the others. */
function foldersThatDecide(names: CargoFiles['names']): string[] {
  const folders = [...names.keys()];
  return folders.filter(
    (folder) =>
      names.get(folder)?.has('Cargo.lock') ||
      names.get(folder)?.has('.cargo') ||
      !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)),
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
