import { relative, sep } from 'node:path';
import type { CompileTimeSources } from './compile-time-sources';
import type { ScanRequest } from './crate-scan';
import { filesBelow } from './files-below';

/** Beyond that a package is a repository; then its own folders count, as for every crate. */
const MOST_FILES = 5000;

/** Without any `rerun-if` line cargo runs a build script again for every file of the package: these, absolute. */
export function packageFiles(request: ScanRequest, sources: CompileTimeSources): string[] {
  const { root, repository, otherRoots, ignored, cache } = request;
  const script = [...sources].filter(([, role]) => role === 'build-script').map(([file]) => file);
  if (script.length === 0 || script.some((file) => cache.reads(file).some(({ reruns }) => reruns))) return [];
  const files = filesBelow(root, { skip: otherRoots, top: root, most: MOST_FILES }) ?? [];
  return files.filter((file) => !ignored?.ignores(relative(repository, file).split(sep).join('/')));
}
