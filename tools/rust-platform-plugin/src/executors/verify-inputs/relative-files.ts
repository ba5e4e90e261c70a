import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Gaps } from './find-gaps';

/** As `rust-inputs.json` holds them: relative to the workspace root, with `/`. */
export function relativeFiles({ files }: Gaps, workspaceRoot: string): string[] {
  const root = realpathSync(workspaceRoot);
  return [...files].map((file) => relative(root, file).split(sep).join('/')).sort();
}
