import { join } from 'node:path';
import { NOTHING_LEARNED, type LearnedCrate, type LearnedInputs } from '../learned-inputs';
import { compileTimeCrates, type CompileTimeCrates } from './compile-time-crates';
import { filesBelow } from './files-below';
import { IgnoreRules } from './ignore-rules';
import { ROOT_PACKAGE_FOLDERS } from './root-package-folders';
import type { ScanCache } from './scan-cache';
import { scanCrate, type CrateScan } from './scan-crate';
import type { ScannedCrate } from './scanned-crate';
import { tryStat } from './try-stat';
import type { UnsettledInput } from './unsettled-input';

/** What the scan and `rust-inputs.json` together say that a crate depends on: its key holds that, and a build is held to it. */
export interface DeclaredInputs extends Omit<CrateScan, 'unsettled'> {
  /** What is not settled. Empty: the crate's results can be kept. */
  open: UnsettledInput[];
}

export interface DeclaredRequest {
  /** Absolute. */
  workspaceRoot: string;
  /** All crates of the repository: who uses whom says what runs while others compile. */
  crates: readonly ScannedCrate[];
  /** Path packages that are no crates of the repository, but are compiled with them. */
  packages?: readonly ScannedCrate[];
  env: NodeJS.ProcessEnv;
  cache: ScanCache;
  learned: LearnedInputs;
  /** Default: read from the repository. */
  ignored?: IgnoreRules;
  /** A crate that cannot be read; default: throw. */
  onError?: (crate: ScannedCrate, error: unknown) => void;
}

/** A learned variable of these means that a path of this machine ends in the results. */
const PLACES = new Set(['CARGO_MANIFEST_DIR', 'OUT_DIR']);

/** By project. */
export function declaredInputs(request: DeclaredRequest): Map<string, DeclaredInputs> {
  const { crates, packages = [], onError } = request;
  const scan = new DeclaredScan(request);
  const found = new Map<string, DeclaredInputs>();
  for (const crate of [...crates, ...packages]) {
    try {
      found.set(crate.project, scan.of(crate));
    } catch (error) {
      if (!onError) throw error;
      onError(crate, error);
    }
  }
  return found;
}

/** Scans crates as they are asked for, each once. */
export class DeclaredScan {
  private readonly known = new Map<string, DeclaredInputs>();
  private readonly compileTime: CompileTimeCrates;
  private readonly roots: ReadonlySet<string>;
  private readonly ignored: IgnoreRules;

  constructor(private readonly request: DeclaredRequest) {
    const { workspaceRoot, crates, packages = [] } = request;
    this.compileTime = compileTimeCrates({ ...request, crates: [...crates, ...packages] });
    this.roots = new Set(crates.map(({ root }) => join(workspaceRoot, root)));
    this.ignored = request.ignored ?? new IgnoreRules(workspaceRoot);
  }

  of(crate: ScannedCrate): DeclaredInputs {
    const { learned } = this.request;
    const { project } = crate;
    const known = this.known.get(project);
    if (known) return known;
    const own = Object.hasOwn(learned, project) ? learned[project] : undefined;
    const found = withLearned(this.scan(crate), own ?? NOTHING_LEARNED, this.request);
    this.known.set(project, found);
    return found;
  }

  private scan(crate: ScannedCrate): CrateScan {
    const { workspaceRoot, cache } = this.request;
    return scanCrate({
      root: join(workspaceRoot, crate.root),
      targetSources: (crate.targetSources ?? []).map((file) => join(workspaceRoot, file)),
      sourceFolders: crate.root === '.' ? [...ROOT_PACKAGE_FOLDERS, 'build'] : undefined,
      otherRoots: this.roots,
      repository: workspaceRoot,
      cargoRoot: join(workspaceRoot, crate.cargoRoot),
      isService: crate.service !== undefined,
      role: this.compileTime.roles.get(crate.project),
      reachable: this.compileTime.reachable,
      ignored: this.ignored,
      cache,
    });
  }
}

function withLearned(
  scan: CrateScan,
  learned: LearnedCrate,
  { workspaceRoot, env, cache }: DeclaredRequest,
): DeclaredInputs {
  const { unsettled, ...rest } = scan;
  const content = { ...scan.content };
  const testContent = new Set(scan.testContent);
  for (const path of learned.files.filter((file) => file !== '.git')) {
    for (const file of filesAt(join(workspaceRoot, path))) {
      content[file] = cache.hash(file);
      testContent.delete(file);
    }
  }
  const names = learned.environment.filter((name) => !PLACES.has(name));
  return {
    ...rest,
    content,
    testContent,
    compileEnv: [...new Set([...scan.compileEnv, ...names])].sort(),
    testEnv: scan.testEnv.filter((name) => !names.includes(name)),
    bakesPath: scan.bakesPath || names.length < learned.environment.length,
    git: scan.git || learned.files.includes('.git'),
    open: unsettled.filter(
      ({ reason, whileSet }) => !learned.settles.includes(reason) && isOn(whileSet, env),
    ),
  };
}

function isOn(variable: string | undefined, env: NodeJS.ProcessEnv): boolean {
  return variable === undefined || Boolean(env[variable]);
}

/** Also what is not there: it may come. */
function filesAt(place: string): string[] {
  return tryStat(place)?.isDirectory() ? (filesBelow(place) ?? []) : [place];
}
