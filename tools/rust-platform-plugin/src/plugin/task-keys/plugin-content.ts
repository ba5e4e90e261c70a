import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pluginVersion } from '../../cargo/plugin-version';
import { filesBelow } from '../../cargo/scan/files-below';
import { readDataFile, workspaceDataFile, writeDataFile } from '../../cargo/workspace-data';

let identity: string | undefined;

/**
 * What stands for the plugin in every key, so that an upgraded executor gets no hit of the old one: its version, and where
 * it is linked from sources (a version says nothing there) the content of its compiled files.
 */
export function pluginIdentity(workspaceRoot: string, env: NodeJS.ProcessEnv): string {
  identity ??= `${pluginVersion()} ${isLinked() ? linkedContent(workspaceRoot, env) : ''}`;
  return identity;
}

function isLinked(): boolean {
  return !__dirname.split(sep).includes('node_modules');
}

/** Kept until a file has been written: reading all of them takes as long as a third of the keys. */
function linkedContent(workspaceRoot: string, env: NodeJS.ProcessEnv): string {
  const folder = join(__dirname, '..', '..');
  const files = (filesBelow(folder) ?? []).filter((file) => /\.(js|json)$/.test(file));
  const stamps = createHash('sha256').update(folder);
  for (const file of files) {
    const { size, mtimeMs, ctimeMs, ino } = statSync(file);
    stamps.update(`${relative(folder, file)} ${size} ${mtimeMs} ${ctimeMs} ${ino}\n`);
  }
  const stamp = stamps.digest('hex');
  const data = workspaceDataFile(workspaceRoot, 'plugin', env);
  const kept = readDataFile(data, isKept);
  if (kept?.stamp === stamp) return kept.content;
  const content = contentOf(folder, files);
  writeDataFile(data, { stamp, content });
  return content;
}

function contentOf(folder: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(relative(folder, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

function isKept(value: unknown): value is { stamp: string; content: string } {
  const kept = value as { stamp?: unknown; content?: unknown } | null;
  return typeof kept?.stamp === 'string' && typeof kept.content === 'string';
}
