import { dirname } from 'node:path';
import { placeOf, type CrateContent } from './crate-content';
import type { MacroInclude } from './rust-references';
import type { ScanCache } from './scan-cache';
import { tryStat } from './try-stat';

interface Call {
  file: string;
  texts: string[];
}

/**
 * Includes in a `macro_rules!` of what it is given: the texts of its calls in the crate tell the paths, else the folder that
 * stands before the parameter holds them. A macro that the crate itself never calls reads nothing of it.
 */
export function followIncludes(
  sources: string[],
  cache: ScanCache,
  root: string,
  content: CrateContent,
): void {
  const defined: Array<{ file: string; include: MacroInclude }> = [];
  for (const file of sources)
    for (const include of cache.references(file).includes ?? []) defined.push({ file, include });
  for (const { file, include } of defined) {
    const calls = sources.flatMap((caller) =>
      (cache.references(caller).calls?.[include.macro] ?? []).map((texts): Call => ({ file: caller, texts })),
    );
    if (calls.every((call) => followCall(call, include, root, content))) continue;
    if (addFolder(file, include, root, content)) continue;
    content.noPath(file, include.what);
  }
}

function followCall(
  { file, texts }: Call,
  include: MacroInclude,
  root: string,
  content: CrateContent,
): boolean {
  const { base, before, behind } = include;
  const folder = base === 'file' ? dirname(file) : root;
  const places = texts.map((text) => placeOf(folder, before + text + behind, base === 'manifest'));
  const found = places.filter((place) => tryStat(place)?.isFile());
  for (const place of found) content.file(place);
  return found.length > 0;
}

function addFolder(
  file: string,
  { base, before }: MacroInclude,
  root: string,
  content: CrateContent,
): boolean {
  const folder = before.replace(/[^/]*$/, '');
  const place = placeOf(base === 'file' ? dirname(file) : root, folder, base === 'manifest');
  return folder !== '' && content.add(place, () => undefined);
}
