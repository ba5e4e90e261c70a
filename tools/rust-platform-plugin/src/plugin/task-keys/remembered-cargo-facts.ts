import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCargoFacts, type CargoFacts } from '../../cargo/cargo-facts';
import { pluginIdentity } from './plugin-content';
import { fileStamp } from './file-stamp';
import { readDataFile, workspaceDataFile, writeDataFile } from '../../cargo/workspace-data';
import { fromStored, toStored, type StoredFacts } from './stored-cargo-facts';

interface Kept {
  /** Of the plugin, and of the question. */
  version: string;
  /** Every file that was asked for, with what told it from others then. */
  files: Record<string, string>;
  facts: StoredFacts;
}

/** `readCargoFacts` of the disk, kept until one of the files that it looked at has changed. */
export function rememberedCargoFacts(request: {
  workspaceRoot: string;
  /** Manifest path → root folder of its workspace. */
  roots: ReadonlyMap<string, string>;
  env: NodeJS.ProcessEnv;
}): CargoFacts {
  const { workspaceRoot, roots, env } = request;
  const file = workspaceDataFile(workspaceRoot, 'manifests', env);
  const version = JSON.stringify([pluginIdentity(workspaceRoot, env), ...roots]);
  const kept = readDataFile(file, isKept);
  if (kept?.version === version && isCurrent(kept.files, workspaceRoot)) return fromStored(kept.facts);
  const files: Record<string, string> = {};
  const source = {
    read(path: string): string | undefined {
      const place = join(workspaceRoot, path);
      // Before the content: a change in between is then seen the next time.
      files[path] = fileStamp(place) ?? '';
      return textOf(place);
    },
  };
  const facts = readCargoFacts(source, [...roots.keys()], roots);
  writeDataFile(file, { version, files, facts: toStored(facts) });
  return facts;
}

function isCurrent(files: Kept['files'], workspaceRoot: string): boolean {
  return Object.entries(files).every(
    ([path, stamp]) => (fileStamp(join(workspaceRoot, path)) ?? '') === stamp,
  );
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is Kept {
  const kept = value as Kept | null;
  return (
    typeof kept?.version === 'string' && typeof kept.files === 'object' && typeof kept.facts === 'object'
  );
}
