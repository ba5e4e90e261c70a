import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ObservedScript, ObservedUnit } from '../../engines/cargo/dep-info-observed';
import type { HeldInputs } from './held-inputs';
import { isMadeByTools, isMadeElsewhere, isOfGit } from './ignored-places';

/** What was read and no key holds. */
export interface Gaps {
  /** Absolute. */
  files: Set<string>;
  environment: Set<string>;
  git: boolean;
}

export interface GapPlace {
  held: HeldInputs;
  targetDirectory: string;
  env: NodeJS.ProcessEnv;
  /** The key of the crate holds the state of git. */
  knowsGit: boolean;
  /** The scan has seen that the crate asks for its folder. */
  knowsManifestDirectory: boolean;
  /** Variables that build scripts of the package set. */
  made: ReadonlySet<string>;
}

export function noGaps(): Gaps {
  return { files: new Set(), environment: new Set(), git: false };
}

/** Adds what a unit was compiled from. */
export function findUnitGaps(
  { depInfo, artifact, isClippy }: ObservedUnit,
  place: GapPlace,
  gaps: Gaps,
): void {
  const ofTests = isOfTests(artifact);
  for (const file of depInfo.files) {
    if (isClippy && /^(Cargo|\.?clippy)\.toml$/.test(basename(file))) continue;
    findFileGap(file, ofTests, place, gaps);
  }
  for (const name of depInfo.environment) {
    if (name === 'CARGO_MANIFEST_DIR') {
      if (!ofTests && !place.knowsManifestDirectory) gaps.environment.add(name);
    } else findVariableGap(name, place, gaps);
  }
}

/** Adds what a build script has declared. */
export function findScriptGaps({ output, folder }: ObservedScript, place: GapPlace, gaps: Gaps): void {
  for (const path of output.files) {
    const isOwnManifest = /^Cargo\.(toml|lock)$/.test(basename(path)) && folder.startsWith(dirname(path));
    // The whole package: its own files, which count.
    if (path !== folder && !isOwnManifest) findFileGap(path, false, place, gaps);
  }
  for (const name of output.environment) findVariableGap(name, place, gaps);
}

export function isOfTests({ isTest, kind }: { isTest: boolean; kind: readonly string[] }): boolean {
  return isTest || kind.some((each) => ['test', 'bench', 'example'].includes(each));
}

function findFileGap(path: string, ofTests: boolean, place: GapPlace, gaps: Gaps): void {
  const { held, knowsGit } = place;
  if (held.file(path, ofTests) || isMadeElsewhere(path, place)) return;
  if (isOfGit(path)) gaps.git ||= !knowsGit;
  else if (!isFolder(path) || !held.folder(path, ofTests)) gaps.files.add(path);
}

function findVariableGap(name: string, { held, made }: GapPlace, gaps: Gaps): void {
  if (!isMadeByTools(name) && !made.has(name) && !held.variable(name)) gaps.environment.add(name);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
