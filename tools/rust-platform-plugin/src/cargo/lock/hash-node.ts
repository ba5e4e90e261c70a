import { createHash } from 'node:crypto';

/** A package by itself (or several that reach one another), and the hashes of what it leads to, in any order. */
export function hashNode(own: string, reached: readonly string[]): string {
  const hash = createHash('sha256').update(own);
  for (const one of [...reached].sort()) hash.update('\n').update(one);
  return hash.digest('base64url').slice(0, 32);
}
