/** Loaded only when the first glob comes: most repositories have none, and every run of Nx would wait for it. */
function library(): typeof import('minimatch') {
  return require('minimatch') as typeof import('minimatch');
}

/** Whether a path fits a glob; names that begin with a dot are like others. */
export function matchesGlob(path: string, glob: string): boolean {
  return library().minimatch(path, glob, { dot: true });
}

/** One expression for all of them. What is no glob fits nothing. */
export function globsToRegExp(globs: readonly string[]): RegExp {
  const { makeRe } = library();
  const sources = globs.flatMap((glob) => {
    const made = makeRe(glob, { dot: true });
    return made === false ? [] : [made.source];
  });
  return new RegExp(sources.length > 0 ? sources.join('|') : NOTHING);
}

const NOTHING = '(?!)';
