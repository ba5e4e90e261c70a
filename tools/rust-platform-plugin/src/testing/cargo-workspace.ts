import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../process/run';

/** Files of a crate by path; `Cargo.toml` is made when it is not given. */
export type CrateFiles = Record<string, string>;

export interface CargoWorkspaceFiles {
  /** By folder below `services/`. */
  crates: Record<string, CrateFiles>;
  /** Of the root manifest, behind `[workspace]`. */
  rootManifest?: string;
  /** Further files, relative to the root of the repository. */
  files?: Record<string, string>;
  /** Default true. */
  lock?: boolean;
}

/** A repository with a Cargo workspace of path-only crates in `services/`: compiles in a second, needs no registry. */
export async function writeCargoWorkspace(root: string, workspace: CargoWorkspaceFiles): Promise<void> {
  const { crates, rootManifest = '', files = {}, lock = true } = workspace;
  const members = Object.keys(crates)
    .map((name) => `"${name}"`)
    .join(', ');
  await writeFiles(root, {
    'nx.json': JSON.stringify({ plugins: [{ plugin: 'rust-platform-plugin' }] }),
    'services/Cargo.toml': `[workspace]\nresolver = "2"\nmembers = [${members}]\n${rootManifest}`,
    ...files,
  });
  for (const [name, content] of Object.entries(crates)) {
    const manifest = { 'Cargo.toml': crateManifest(name) };
    await writeFiles(join(root, 'services', name), { ...manifest, ...content });
  }
  if (lock) await writeLock(root);
}

export function crateManifest(name: string, more = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}`;
}

export async function writeLock(root: string): Promise<void> {
  const result = await run('cargo', ['generate-lockfile', '--offline'], { cwd: join(root, 'services') });
  if (result.exitCode !== 0) throw new Error(result.stderr);
}

export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
