import type { RustfmtBlock } from '../rustfmt-output';

export interface FormatVerdict {
  /** `unknown`: only rustfmt for this crate alone can tell. */
  kind: 'formatted' | 'unformatted' | 'unknown';
  /** Of the differences, as rustfmt calls them. */
  files: string[];
  /** In order, with remarks on the settings. */
  texts: string[];
}

/**
 * Tells the crates of one run of rustfmt apart. rustfmt names a file by the way that led to it (`a/src/../../b/x.rs`), so
 * it belongs to the crate in whose folder the name begins. `folders`: absolute, none inside another.
 */
export function judgeFormats(request: {
  folders: readonly string[];
  exitCode: number | undefined;
  blocks: readonly RustfmtBlock[];
}): Map<string, FormatVerdict> {
  const { folders, exitCode, blocks } = request;
  const [only] = folders.length === 1 ? folders : [];
  const ownerOf = ({ file }: RustfmtBlock): string | undefined =>
    only ?? folders.find((folder) => file?.startsWith(`${folder}/`));
  const isShared = (block: RustfmtBlock): boolean => block.kind === 'remark' && ownerOf(block) === undefined;
  const faults = blocks.filter(({ kind }) => kind !== 'remark');
  const explained =
    exitCode === 0 || (faults.length > 0 && faults.every((fault) => ownerOf(fault) !== undefined));
  const verdictOf = (folder: string): FormatVerdict => {
    const own = blocks.filter((block) => ownerOf(block) === folder || isShared(block));
    const files = own.flatMap(({ kind, file }) =>
      kind === 'difference' && file !== undefined ? [file] : [],
    );
    const isFaulty = exitCode !== 0 && own.some(({ kind }) => kind === 'error');
    const isKnown = explained && !isFaulty;
    return {
      kind: files.length > 0 ? 'unformatted' : isKnown ? 'formatted' : 'unknown',
      files,
      texts: own.map(({ text }) => text),
    };
  };
  return new Map(folders.map((folder) => [folder, verdictOf(folder)]));
}

/** Crates whose files one run can tell apart: none has its folder in that of another, or sources elsewhere. */
export function formatGroups<T extends { root: string; targetSources?: readonly string[] }>(
  crates: readonly T[],
): T[][] {
  const isApart = (crate: T): boolean =>
    crates.some((other) => other !== crate && isInside(other.root, crate.root)) ||
    (crate.targetSources ?? []).some((file) => !isInside(file, crate.root));
  const together = crates.filter((crate) => !isApart(crate));
  return [...(together.length > 0 ? [together] : []), ...crates.filter(isApart).map((crate) => [crate])];
}

function isInside(path: string, folder: string): boolean {
  return folder === '.' || path.startsWith(`${folder}/`);
}
