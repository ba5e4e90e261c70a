import { realpathSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { KEY_FAMILIES, type KeyFamily } from '../key-variables';
import type { ComparedSources } from './compared-sources';

const LOCKS = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

/** Packages whose version is in keys. */
const PACKAGES: Record<string, readonly KeyFamily[]> = {
  'rust-platform-plugin': KEY_FAMILIES,
  httpyac: ['api'],
};

export function isPackageFile(path: string): boolean {
  return path === 'package.json' || LOCKS.includes(path);
}

/** Whether the plugin itself, or the runner of `.http` files, is another than at the base. Other packages are in no key. */
export function packageChanges(
  workspaceRoot: string,
  changed: readonly string[],
  sources: ComparedSources,
): { families: KeyFamily[]; files: string[] } {
  const found = changed.filter(isPackageFile).flatMap((file) =>
    Object.entries(PACKAGES)
      .filter(
        ([name]) =>
          entryOf(name, file, sources.now.read(file)) !== entryOf(name, file, sources.before.read(file)),
      )
      .map(([, families]) => ({ file, families })),
  );
  const own = changed.filter(isOwnSource(workspaceRoot)).map((file) => ({ file, families: KEY_FAMILIES }));
  const all = [...found, ...own];
  return {
    families: [...new Set(all.flatMap(({ families }) => families))],
    files: [...new Set(all.map(({ file }) => file))],
  };
}

/** What a file says about the version of a package; any other text when it cannot be read. */
function entryOf(name: string, file: string, text = ''): string {
  if (file.endsWith('.json')) return entryInJson(name, text);
  // yarn.lock has blocks with a blank line between them; the others have the version on the line of the name.
  const parts = file === 'yarn.lock' ? text.split(/\r?\n\r?\n/) : text.split('\n');
  return parts.filter((part) => part.includes(name)).join('\n');
}

function entryInJson(name: string, text: string): string {
  try {
    const json = JSON.parse(text || '{}') as Record<string, Record<string, unknown> | undefined>;
    const { version, resolved, integrity } = (json['packages']?.[`node_modules/${name}`] ?? {}) as Record<
      string,
      unknown
    >;
    const wanted = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].map(
      (key) => json[key]?.[name],
    );
    return JSON.stringify([wanted, version, resolved, integrity]);
  } catch {
    return text;
  }
}

/** Where the plugin is linked from the same repository, its compiled files are in every key. */
function isOwnSource(workspaceRoot: string): (path: string) => boolean {
  const folder = relative(realpathSync(workspaceRoot), join(__dirname, '..', '..', '..'))
    .split(sep)
    .join('/');
  if (folder.startsWith('..') || folder.split('/').includes('node_modules')) return () => false;
  return (path) =>
    posix.normalize(path).startsWith(`${folder}/`) &&
    !/\.spec\.ts$|\/(testing|e2e|mutations|lint)\//.test(path);
}
