import { join } from 'node:path';
import { buildScript, isTestSource } from './compile-time-sources';
import { filesBelow } from './files-below';
import type { CompileTimeRole } from './judge-reads';
import type { ScanCache } from './scan-cache';
import type { ScannedCrate } from './scanned-crate';

export interface CompileTimeCrates {
  /** By project. */
  roles: Map<string, CompileTimeRole>;
  /** Names of the functions of libraries that may be called while others compile. */
  reachable: ReadonlySet<string>;
}

interface Request {
  workspaceRoot: string;
  crates: readonly ScannedCrate[];
  cache: ScanCache;
}

/**
 * The crates whose code runs while others compile: procedural macros and what they use, and what build scripts use. A
 * macro's part wins, since its input names files that nobody can list.
 */
export function compileTimeCrates(request: Request): CompileTimeCrates {
  const { workspaceRoot, crates, cache } = request;
  const byProject = new Map(crates.map((crate) => [crate.project, crate]));
  const reach = (start: string[]): Set<string> => {
    const found = new Set(start);
    for (const project of found) for (const next of used(byProject.get(project), 'normal')) found.add(next);
    return found;
  };
  const macros = crates.filter(
    ({ root }) => cache.manifest(join(workspaceRoot, root, 'Cargo.toml')).isProcMacro,
  );
  const scripts = crates.filter((crate) => used(crate, 'build').length > 0);
  const roles = new Map<string, CompileTimeRole>();
  for (const project of reach(scripts.flatMap((crate) => used(crate, 'build'))))
    roles.set(project, 'library');
  for (const project of reach(macros.map(({ project }) => project))) roles.set(project, 'macro-library');
  for (const { project } of macros) roles.set(project, 'proc-macro');
  const libraries = crates.filter(({ project }) => (roles.get(project) ?? '').endsWith('library'));
  return { roles, reachable: reachableFunctions({ libraries, macros, scripts }, request) };
}

function used(crate: ScannedCrate | undefined, kind: 'normal' | 'build'): string[] {
  return (crate?.dependencies ?? [])
    .filter(({ kinds }) => kinds.includes(kind))
    .map(({ project }) => project);
}

/** Called without their name being written. */
const IMPLICIT = 'drop fmt deref from into try_from default next eq cmp hash clone index call build'.split(
  ' ',
);

/** By names alone: whoever has the name of something that is called may be called. */
function reachableFunctions(
  {
    libraries,
    macros,
    scripts,
  }: { libraries: ScannedCrate[]; macros: ScannedCrate[]; scripts: ScannedCrate[] },
  { workspaceRoot, cache }: Request,
): ReadonlySet<string> {
  if (libraries.length === 0) return new Set();
  const rootOf = ({ root }: ScannedCrate) => join(workspaceRoot, root);
  const callers = [
    ...macros.flatMap((crate) => sourcesOf(rootOf(crate))),
    ...scripts.flatMap((crate) => buildScript(rootOf(crate), cache)),
  ];
  const bodies = new Map<string, string[]>();
  for (const { name, calls = [] } of libraries.flatMap((crate) =>
    sourcesOf(rootOf(crate)).flatMap((file) => cache.reads(file)),
  ))
    bodies.set(name, [...(bodies.get(name) ?? []), ...calls]);
  const reached = new Set([
    ...IMPLICIT,
    '',
    ...callers.flatMap((file) => cache.reads(file)).flatMap(({ calls = [] }) => calls),
  ]);
  for (const name of reached) for (const call of bodies.get(name) ?? []) reached.add(call);
  return reached;
}

function sourcesOf(root: string): string[] {
  const files = filesBelow(join(root, 'src')) ?? [];
  return files.filter((file) => file.endsWith('.rs') && !isTestSource(file, root));
}
