import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { filesBelow } from '../../cargo/scan/files-below';
import type { ScanCache } from '../../cargo/scan/scan-cache';
import type { RustCrate } from '../../service-model/service-model';

/** What the `.http` files of a service depend on beyond the files that Nx hashes. */
export interface HttpReads {
  /** A file or a script beside it reads the environment: by which names cannot be told. */
  anyEnv: boolean;
  /** Path and content hash of httpyac's variables (`.env`, `env/`), which git often ignores. */
  variables: string[];
}

const MOST_FILES = 5000;

export function httpReads(crate: RustCrate, workspaceRoot: string, cache: ScanCache): HttpReads {
  const folders = new Set((crate.service?.apiTests ?? []).map((file) => dirname(join(workspaceRoot, file))));
  const files = [...folders].flatMap((folder) =>
    (filesBelow(folder, { most: MOST_FILES }) ?? []).map((file) => ({ file, way: relative(folder, file) })),
  );
  return {
    anyEnv: files.some(({ file }) => /\.(http|rest|[cm]?[jt]s)$/.test(file) && readsEnvironment(file)),
    variables: files
      .filter(({ file, way }) => /^\.env|\.env$/.test(basename(file)) || way.split(sep).includes('env'))
      .map(({ file }) => `${relative(workspaceRoot, file)} ${cache.hash(file)}`),
  };
}

/** `process.env`, `$processEnv`, and whatever else gets hold of the process. */
function readsEnvironment(file: string): boolean {
  try {
    return /\bprocess\b|processEnv/.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}
