import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Nx hashes each of these groups as one. */
const OF_THE_WORKSPACE = ['nx.json', '.gitignore', '.nxignore', 'tsconfig.base.json', 'tsconfig.json'];
const OF_A_PROJECT = ['project.json', 'package.json'];

/** Hash of every file that is in all keys of Nx, so that the one that changed can be named; of nx.json also by field. */
export function nxInputFiles(
  workspaceRoot: string,
  nxJson: object,
  projectRoots: readonly string[],
): Record<string, string> {
  const files = [
    ...OF_THE_WORKSPACE,
    ...projectRoots.flatMap((root) => OF_A_PROJECT.map((name) => (root === '.' ? name : `${root}/${name}`))),
  ];
  const hashes = files.flatMap((file) => {
    const hash = hashOfFile(join(workspaceRoot, file));
    return hash === undefined ? [] : [[file, hash] as const];
  });
  const fields = Object.entries(nxJson).map(
    ([key, value]) => [`nx.json: ${key}`, hashOf(JSON.stringify(value) ?? '')] as const,
  );
  return Object.fromEntries([...hashes, ...fields]);
}

function hashOfFile(file: string): string | undefined {
  try {
    return hashOf(readFileSync(file));
  } catch {
    return undefined;
  }
}

function hashOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
