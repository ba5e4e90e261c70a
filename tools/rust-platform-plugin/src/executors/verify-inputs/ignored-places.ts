import { homedir } from 'node:os';
import { basename, join, sep } from 'node:path';
import { ancestorFolders } from '../../cargo/ancestor-folders';
import { isCache } from '../../cargo/list-manifests';

/** Part of the machine's software: its versions are told by other parts of a key, or by none. */
const SYSTEM =
  /^\/(usr|opt|lib|lib32|lib64|nix|gnu|Library|System|Applications|rustc)\/|^[A-Za-z]:\\(Program Files|Windows)/;

/** Files that are made from what is in the key anyway: downloads, the toolchain, what cargo itself has written. */
export function isMadeElsewhere(
  path: string,
  place: { targetDirectory: string; env: NodeJS.ProcessEnv },
): boolean {
  const home = place.env['HOME'] ?? homedir();
  const folders = [
    place.targetDirectory,
    place.env['CARGO_HOME'] ?? join(home, '.cargo'),
    place.env['RUSTUP_HOME'] ?? join(home, '.rustup'),
  ];
  if (folders.some((folder) => path === folder || path.startsWith(folder + sep))) return true;
  if (SYSTEM.test(path) || path.split(sep).includes('rustlib')) return true;
  return ancestorFolders(path).some((folder) => basename(folder) === 'target' && isCache(folder));
}

export function isOfGit(path: string): boolean {
  return path.split(sep).includes('.git');
}

/** Told by the compiler for itself, or set by cargo from what is in the key. */
export function isMadeByTools(name: string): boolean {
  return /^(CARGO(_.*)?|DEP_.*|CLIPPY_(ARGS|CONF_DIR)|RUSTC(_.*)?|RUSTDOC|OUT_DIR|TARGET|HOST|PROFILE|OPT_LEVEL|NUM_JOBS|DEBUG)$/.test(
    name,
  );
}
