import { join, sep } from 'node:path';
import type { RustCrate } from '../../service-model/service-model';
import { ownFile, type OwnFile } from '../../cargo/scan/own-files';
import type { KeyWorld } from './key-world';

/** Files of a crate's folder that are no Rust sources, absolute: templates, fixtures, whatever git does not ignore. */
export function otherFiles(crate: RustCrate, world: KeyWorld): Record<OwnFile, string[]> {
  const { workspaceRoot, declared } = world;
  const root = join(workspaceRoot, crate.root);
  const found: Record<OwnFile, string[]> = { compile: [], test: [] };
  const { files = [], ignoredFiles } = declared.get(crate.project) ?? {};
  for (const file of files) {
    if (file.endsWith('.rs') || ignoredFiles?.has(file)) continue;
    const path = file.slice(root.length + 1).replaceAll(sep, '/');
    const part = ownFile(path, crate);
    if (part) found[part].push(file);
  }
  return found;
}
