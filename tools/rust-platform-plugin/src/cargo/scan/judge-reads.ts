import { join } from 'node:path';
import type { ComputedRead } from './function-reads';
import type { CrateContent } from './crate-content';
import { looksLikePath } from './path-texts';
import { isVariableName } from './reads-any-environment';
import { tryStat } from './try-stat';
import { isBelow } from '../workspace-members';

/**
 * What runs while crates compile. `library`: what build scripts call; it reads what they name. `macro-library`: what
 * procedural macros call; nobody can list what those are given.
 */
export type CompileTimeRole = 'build-script' | 'proc-macro' | 'library' | 'macro-library';

export interface JudgedSource {
  file: string;
  role: CompileTimeRole;
  /** Folder of the crate, absolute. */
  root: string;
  /** Where paths may start besides: a procedural macro runs in the root of the Cargo workspace. */
  workingFolders: string[];
  /** What it reads is told by `rerun-if` lines. */
  declaresFiles: boolean;
  declaresVariables: boolean;
  content: CrateContent;
}

/** Reads that neither plain texts nor the crate's own folder explain become reasons. */
export function judgeRead(read: ComputedRead, source: JudgedSource): void {
  if (read.kind === 'file') judgeFile(read, source);
  else if (read.kind === 'variable') judgeVariable(read, source);
  else judgeProgram(read, source);
}

function judgeFile(read: ComputedRead, source: JudgedSource): void {
  const { content, file, role, declaresFiles } = source;
  const observable = role === 'build-script' && declaresFiles;
  for (const name of read.variables)
    content.reason(file, `: ${read.what} reads what ${name} names`, { observable, whileSet: name });
  if (isExplained(read, source)) return;
  // Without the variable there is nothing to read.
  if (read.variables.length > 0 && !read.unknown) return;
  content.reason(file, `: ${read.what} names no path that can be read off`, { observable });
}

export function isOfMacro(role: CompileTimeRole): boolean {
  return role === 'proc-macro' || role === 'macro-library';
}

function isExplained(read: ComputedRead, source: JudgedSource): boolean {
  const { root, role, content, workingFolders } = source;
  const { unknown, climbs } = read;
  if (role === 'library') return true;
  if (unknown && isOfMacro(role)) return false;
  // A path that git has told: the key holds the state of git.
  if (read.derived || read.texts.includes('git')) return true;
  const bases = [...content.bases(climbs), ...workingFolders];
  const places = bases.flatMap((base) => read.texts.map((text) => join(base, text)));
  if (places.some((place) => tryStat(place) !== undefined && !isBelow(root, place))) return true;
  if (read.ownFolder && !climbs) return true;
  const paths = unknown ? [] : read.texts.filter(looksLikePath);
  // It may come later; then the key must change.
  for (const path of paths) content.missing(join(root, path));
  return paths.length > 0;
}

function judgeVariable(
  { texts, constants, unknown, what }: ComputedRead,
  { content, file, role, declaresVariables }: JudgedSource,
): void {
  const names = texts.filter(
    (text) => /^(CARGO|DEP)_/.test(text) || (isVariableName(text) && !text.endsWith('_')),
  );
  if (names.length + constants.length > 0 && !(unknown && isOfMacro(role))) return;
  if (unknown && role === 'library') return;
  const observable = role === 'build-script' && declaresVariables;
  content.reason(file, `: ${what} reads variables whose names cannot be read off`, { observable });
}

function judgeProgram(
  { texts, variables, toolchain, what }: ComputedRead,
  { content, file }: JudgedSource,
): void {
  if (variables.length > 0 || toolchain) return;
  const names = texts.filter((text) => /^[\w./+]/.test(text) && !isVariableName(text));
  for (const name of names) judgeNamedProgram(name, file, content);
  if (names.length > 0) return;
  content.reason(file, `: ${what} starts a program whose name cannot be read off`, { observable: false });
}

/** Their results follow from what is in the key: the toolchain, the C compiler, the files that they are given. */
const HARMLESS =
  /^(rustc|rustdoc|rustfmt|cargo|git|cc|c\+\+|gcc|g\+\+|clang|clang\+\+|ar|ld|ranlib|protoc|pkg-config)$/;

export function judgeNamedProgram(name: string, file: string, content: CrateContent): void {
  if (HARMLESS.test(name)) return;
  content.reason(file, `: nothing tells what the program ${name} reads`, { observable: false });
}
