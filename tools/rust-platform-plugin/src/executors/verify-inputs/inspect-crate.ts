import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readLearnedInputs } from '../../cargo/learned-inputs';
import { DeclaredScan, type DeclaredInputs } from '../../cargo/scan/declared-inputs';
import { IgnoreRules } from '../../cargo/scan/ignore-rules';
import { ScanCache } from '../../cargo/scan/scan-cache';
import { packageProject, type ScannedCrate } from '../../cargo/scan/scanned-crate';
import type { UnsettledInput } from '../../cargo/scan/unsettled-input';
import {
  observeCompilation,
  type ObservedCompilation,
  type ObservedUnit,
} from '../../engines/cargo/dep-info-observed';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import type { VerifyRequest } from '../verify-inputs';
import { crateClosure } from './crate-closure';
import { findScriptGaps, findUnitGaps, isOfTests, noGaps, type GapPlace, type Gaps } from './find-gaps';
import { HeldInputs, type HeldPackage } from './held-inputs';

/** What a compilation says about one crate. */
export interface Inspected {
  project: string;
  /** Reasons of the scan that hold for what was compiled. Empty: it was thought to be settled. */
  open: UnsettledInput[];
  /** Those of them whose source was compiled, so that what they read is known now. */
  seen: UnsettledInput[];
  gaps: Gaps;
  /** What could not be read. */
  problems: string[];
}

/** Of the crate and of those below it in the repository that have something to say. */
export async function inspectCrate(request: VerifyRequest): Promise<Inspected[]> {
  const { workspaceRoot, crate, model, output } = request;
  const observed = await observeCompilation(output, join(workspaceRoot, crate.cargoRoot));
  const realRoot = realpathSync(workspaceRoot);
  const real = (path: string): string =>
    path.startsWith(workspaceRoot) ? realRoot + path.slice(workspaceRoot.length) : path;
  const folderOf = ({ root }: RustCrate): string => realFolder(join(workspaceRoot, root));
  const tests = observed.units.some(
    ({ folder, artifact }) => folder === folderOf(crate) && isOfTests(artifact),
  );
  const closure = crateClosure(crate, model, tests);
  const scan = scanFor(request);
  const declared = new Map(closure.map((each) => [each.project, scan.of(each)]));
  const others = new Map(
    otherPackages(observed, model, folderOf).map((folder) => [folder, scan.of(noProject(folder, realRoot))]),
  );
  const packages: HeldPackage[] = [
    ...closure.map((each) => ({
      folder: folderOf(each),
      root: each.root,
      declared: declared.get(each.project),
    })),
    // Below the repository or not: keys hold their folders whole, and what their sources name elsewhere.
    ...[...others].map(([folder, inputs]) => ({ folder, root: '..', declared: inputs })),
  ];
  const held = new HeldInputs(packages, new IgnoreRules(workspaceRoot), real);
  return closure
    .map((each) => {
      const own = new Map([[folderOf(each), declared.get(each.project)]]);
      const context = {
        each,
        isMain: each === crate,
        tests,
        folders: each === crate ? new Map([...own, ...others]) : own,
        observed,
        held,
        declared: declared.get(each.project),
      };
      return inspectOne(context, request, real);
    })
    .filter(isWorthTelling);
}

interface InspectContext {
  each: RustCrate;
  /** The crate whose task it is; of the others its key holds no tests. */
  isMain: boolean;
  tests: boolean;
  /** Of its packages: its own, and those of no project that it is compiled with. */
  folders: ReadonlyMap<string, DeclaredInputs | undefined>;
  observed: ObservedCompilation;
  held: HeldInputs;
  declared: DeclaredInputs | undefined;
}

function inspectOne(
  context: InspectContext,
  { workspaceRoot, env }: VerifyRequest,
  real: (path: string) => string,
): Inspected {
  const { each, isMain, tests, folders, observed, held, declared } = context;
  const isOwn = ({ folder }: { folder: string }): boolean => folders.has(folder);
  const units = observed.units.filter((unit) => isOwn(unit) && (isMain || !isOfTests(unit.artifact)));
  const scripts = observed.scripts.filter(isOwn);
  const gaps = noGaps();
  const made = new Set(scripts.flatMap(({ output }) => output.sets));
  const targetDirectory = realFolder(each.targetDirectory);
  const placeOf = ({ folder }: { folder: string }): GapPlace => {
    const said = folders.get(folder);
    const knowsManifestDirectory = (said?.namesManifestDirectory || said?.bakesPath) ?? false;
    return { held, targetDirectory, env, knowsGit: said?.git ?? false, knowsManifestDirectory, made };
  };
  for (const unit of units) findUnitGaps(unit, placeOf(unit), gaps);
  for (const script of scripts) findScriptGaps(script, placeOf(script), gaps);
  const open = (declared?.open ?? []).filter(({ inTests }) => !inTests || (isMain && tests));
  return {
    project: each.project,
    open,
    seen: open.filter((input) => isSeen(input, units, (file) => real(join(workspaceRoot, file)))),
    gaps,
    problems: observed.problems.filter(isOwn).map(({ what }) => what),
  };
}

/** Its source was compiled: an include of it has been resolved, and a build script has said what it reads. */
function isSeen(input: UnsettledInput, units: ObservedUnit[], place: (file: string) => string): boolean {
  return input.observable && units.some(({ depInfo }) => depInfo.files.includes(place(input.file)));
}

const scans = new WeakMap<object, DeclaredScan>();

/** The scan that the keys were made from; one for all crates of a cargo call. */
function scanFor({ workspaceRoot, model, env, output }: VerifyRequest): DeclaredScan {
  const known = scans.get(output);
  if (known) return known;
  const cache = ScanCache.open(workspaceRoot, env);
  const learned = readLearnedInputs(workspaceRoot);
  const scan = new DeclaredScan({ workspaceRoot, crates: model.crates, env, cache, learned });
  scans.set(output, scan);
  return scan;
}

function noProject(folder: string, workspaceRoot: string): ScannedCrate {
  const place = relative(workspaceRoot, folder).split(sep).join('/');
  return { ...packageProject({ folder: place }), cargoRoot: place, dependencies: [] };
}

/** Path packages that are no crates of the repository. */
function otherPackages(
  { units }: ObservedCompilation,
  { crates }: ServiceModel,
  folderOf: (crate: RustCrate) => string,
): string[] {
  const known = new Set(crates.map(folderOf));
  return [...new Set(units.map(({ folder }) => folder))].filter((folder) => !known.has(folder));
}

function isWorthTelling({ open, gaps, problems }: Inspected): boolean {
  return open.length + gaps.files.size + gaps.environment.size + problems.length > 0 || gaps.git;
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
