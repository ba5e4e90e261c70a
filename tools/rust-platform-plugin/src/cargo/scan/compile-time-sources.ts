import { basename, dirname, join, sep } from 'node:path';
import type { CompileTimeRole } from './judge-reads';
import type { ScanCache } from './scan-cache';
import { tryStat } from './try-stat';

/** Absolute path → why it runs while crates compile. */
export type CompileTimeSources = Map<string, CompileTimeRole>;

/**
 * The build script of a crate with its modules; of a procedural macro, or of a crate that one of those uses, also its own
 * sources. `role`: what the crate itself is to others.
 */
export function compileTimeSources(request: {
  root: string;
  sources: readonly string[];
  role: CompileTimeRole | undefined;
  cache: ScanCache;
}): CompileTimeSources {
  const { root, sources, role, cache } = request;
  const found: CompileTimeSources = new Map();
  if (role !== undefined) {
    for (const file of sources) if (!isTestSource(file, root)) found.set(file, role);
  }
  for (const file of buildScript(root, cache)) found.set(file, 'build-script');
  return found;
}

export function isTestSource(file: string, root: string): boolean {
  return /^[\\/](tests|benches|examples)[\\/]/.test(file.slice(root.length));
}

/** With the modules that it declares, wherever rustc looks for them. */
export function buildScript(root: string, cache: ScanCache): string[] {
  const { buildScript: given } = cache.manifest(join(root, 'Cargo.toml'));
  const main = given === false ? undefined : join(root, given ?? 'build.rs');
  if (main === undefined || !tryStat(main)?.isFile()) return [];
  const found = new Set([main]);
  for (const file of found) for (const module of modulesOf(file, cache, file === main)) found.add(module);
  return [...found];
}

/** Files of the modules that a source declares. `isMain`: a crate root, whose modules lie beside it. */
export function modulesOf(file: string, cache: ScanCache, isMain = false): string[] {
  const folder = dirname(file);
  const name = basename(file, '.rs');
  const beside = isMain || name === 'mod' || name === 'main' || name === 'lib';
  const folders = beside ? [folder] : [join(folder, name), folder];
  const { modules = [] } = cache.references(file);
  return modules
    .flatMap((module) =>
      folders.flatMap((base) => [join(base, `${module}.rs`), join(base, module, 'mod.rs')]),
    )
    .filter((place) => tryStat(place)?.isFile());
}

/** Places that the build script writes to, absolute. */
export function madePlaces(root: string, sources: CompileTimeSources, cache: ScanCache): string[] {
  const scripts = [...sources].filter(([, role]) => role === 'build-script').map(([file]) => file);
  const writes = scripts.flatMap((file) => cache.reads(file).flatMap(({ writes = [] }) => writes));
  return writes.map((path) => join(root, path)).filter((place) => place.startsWith(root + sep));
}
