/** No system takes a longer one. */
const LONGEST_PATH = 4096;

/** Whether a text leaves the folder that it is relative to. */
export const CLIMBING = /(^|[\\/])\.\.([\\/]|$)/;

/**
 * The texts of a source that may be paths, or parts of one, in a text: of a format, what stands before its first argument
 * (`proto/{name}.proto` is something in `proto/`, `CARGO_FEATURE_{}` a variable) and behind its last (`{}/../proto`).
 */
export function pathsIn(text: string): string[] {
  if (text === '' || text.length > LONGEST_PATH || text.includes('\0')) return [];
  const open = text.indexOf('{');
  if (open === -1) return [text];
  const start = text.slice(0, open);
  const before = /^[A-Z][A-Z0-9_]*_$/.test(start) ? start : start.replace(/[^/]*$/, '');
  const behind = text.slice(text.lastIndexOf('}') + 1).replace(/^\/+/, '');
  return [before, behind].filter((part) => part !== '');
}

/** Has a folder or an ending, and nothing that paths do not hold. */
export function looksLikePath(text: string): boolean {
  return text.length < 200 && /^[^\s:*?"<>|{}]+$/.test(text) && /[/.]/.test(text) && /\w/.test(text);
}
