import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes a tree of files: relative path → content. */
export async function writeFiles(root: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** A crate with a library, as a tree of files. `toml` follows `[package]` with name, version and edition. */
export function library(folder: string, name: string, toml = ''): Record<string, string> {
  return {
    [`${folder}/Cargo.toml`]: `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${toml}\n`,
    [`${folder}/src/lib.rs`]: `pub fn name() -> &'static str { "${name}" }\n`,
  };
}

/** A crate with one binary, called like the package. */
export function binary(folder: string, name: string, toml = ''): Record<string, string> {
  const files = library(folder, name, toml);
  delete files[`${folder}/src/lib.rs`];
  return { ...files, [`${folder}/src/main.rs`]: 'fn main() {}\n' };
}
