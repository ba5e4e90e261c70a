/** What naming reads of a crate. */
export interface NamedCrate {
  packageName: string;
  /** Relative to the workspace root; `.` is the root itself. */
  root: string;
  /** Name given by a project.json. */
  givenName: string | undefined;
}

/**
 * Nx project name of each crate, in order: the name in its project.json, else the package's. Packages of the same name in
 * several workspaces are called by their folder, with dashes.
 */
export function projectNames(crates: readonly NamedCrate[]): string[] {
  const wanted = crates.map(({ givenName, packageName }) => givenName ?? packageName);
  const counts = new Map<string, number>();
  for (const name of wanted) counts.set(name, (counts.get(name) ?? 0) + 1);
  return crates.map(({ givenName, root }, index) => {
    const name = wanted[index] ?? '';
    const isUnique = counts.get(name) === 1;
    if (givenName !== undefined || isUnique || root === '.') return name;
    return root.replaceAll('/', '-');
  });
}
