import { readFile, realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { outputFilesOf, parseBuildScriptOutput, type BuildScriptOutput } from './build-script-output';
import type { Artifact, BuildScript } from './cargo-messages';
import { parseDepInfo, type DepInfo } from './dep-info';
import { DepInfoFiles } from './dep-info-files';

/** A unit of a package of this machine, and what it was compiled from. */
export interface ObservedUnit {
  /** Folder of its package, absolute, links resolved. */
  folder: string;
  artifact: Artifact;
  /** clippy also names its settings and the root manifest. */
  isClippy: boolean;
  depInfo: DepInfo;
}

export interface ObservedScript {
  folder: string;
  output: BuildScriptOutput;
}

export interface ObservedCompilation {
  units: ObservedUnit[];
  scripts: ObservedScript[];
  /** What could not be read, by package folder. */
  problems: Array<{ folder: string; what: string }>;
}

interface Compiled {
  artifacts: readonly Artifact[];
  buildScripts: readonly BuildScript[];
}

const observed = new WeakMap<object, Promise<ObservedCompilation>>();

/** By the accounts of rustc and of build scripts; of packages that are no downloads. Read once for each output. */
export function observeCompilation(output: Compiled, cargoRoot: string): Promise<ObservedCompilation> {
  const known = observed.get(output) ?? observe(output, cargoRoot);
  observed.set(output, known);
  return known;
}

async function observe(
  { artifacts, buildScripts }: Compiled,
  cargoRoot: string,
): Promise<ObservedCompilation> {
  const found: ObservedCompilation = { units: [], scripts: [], problems: [] };
  const root = await realpath(cargoRoot).catch(() => cargoRoot);
  const files = new DepInfoFiles(artifacts);
  const own = artifacts.filter(({ packageId }) => isOnThisMachine(packageId));
  await Promise.all(unique(own).map((artifact) => observeUnit(artifact, root, files, found)));
  const folders = new Map(own.map(({ packageId, manifestPath }) => [packageId, dirname(manifestPath)]));
  for (const script of buildScripts) {
    const folder = folders.get(script.packageId);
    if (folder !== undefined) await observeScript(script, folder, found);
  }
  return found;
}

/** `path+file:///…`, or `name 0.1.0 (path+file:///…)` of old. */
function isOnThisMachine(packageId: string): boolean {
  return /(^|\()path\+/.test(packageId);
}

/** Of several cargo calls the last one counts. */
function unique(artifacts: Artifact[]): Artifact[] {
  return [...new Map(artifacts.map((artifact) => [artifact.filenames.join(), artifact])).values()];
}

async function observeUnit(
  artifact: Artifact,
  cargoRoot: string,
  files: DepInfoFiles,
  found: ObservedCompilation,
): Promise<void> {
  const folder = dirname(artifact.manifestPath);
  const text = (await files.of(artifact))?.text;
  if (text === undefined) {
    found.problems.push({
      folder,
      what: `rustc left no dep-info of ${artifact.name} (${artifact.kind.join(', ')})`,
    });
    return;
  }
  // cargo runs rustc in the root of the workspace, for packages elsewhere in their own folder.
  const isMember = folder === cargoRoot || folder.startsWith(cargoRoot + sep);
  const depInfo = parseDepInfo(text, isMember ? cargoRoot : folder);
  if (depInfo.problem !== undefined)
    found.problems.push({
      folder,
      what: `the dep-info of ${artifact.name} cannot be read: ${depInfo.problem}`,
    });
  const isClippy = depInfo.environment.includes('CLIPPY_ARGS');
  found.units.push({ folder, artifact, isClippy, depInfo });
}

async function observeScript(script: BuildScript, folder: string, found: ObservedCompilation): Promise<void> {
  for (const file of outputFilesOf(script.outDir)) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const output = parseBuildScriptOutput(text, folder);
    output.sets.push(...script.env);
    found.scripts.push({ folder, output });
    return;
  }
  found.problems.push({ folder, what: 'cargo left no output of its build script' });
}
