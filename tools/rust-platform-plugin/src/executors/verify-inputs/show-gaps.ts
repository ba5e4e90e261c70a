import type { Gaps } from './find-gaps';
import { relativeFiles } from './relative-files';

/** All of them, since whoever reads it must declare each. */
export function showGaps(gaps: Gaps, workspaceRoot: string): string {
  const variables = [...gaps.environment].sort().map((name) => `the variable ${name}`);
  return [...relativeFiles(gaps, workspaceRoot), ...variables].join(', ');
}
