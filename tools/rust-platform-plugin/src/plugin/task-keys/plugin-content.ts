import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pluginVersion } from '../../cargo/plugin-version';
import { filesBelow } from '../../cargo/scan/files-below';

let identity: string | undefined;

/**
 * What stands for the plugin in every key, so that an upgraded executor gets no hit of the old one: its version, and where
 * it is linked from sources (a version says nothing there) the content of its compiled files.
 */
export function pluginIdentity(): string {
  identity ??= `${pluginVersion()} ${isLinked() ? contentOf(join(__dirname, '..', '..')) : ''}`;
  return identity;
}

function isLinked(): boolean {
  return !__dirname.split(sep).includes('node_modules');
}

function contentOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder) ?? []) {
    if (!/\.(js|json)$/.test(file)) continue;
    hash.update(relative(folder, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
