import type { CargoFacts, MemberFacts, PackageFacts } from '../../cargo/cargo-facts';
import { pathClosure } from '../../cargo/cargo-facts-closure';
import { readLearnedInputs } from '../../cargo/learned-inputs';
import { declaredInputs, type DeclaredInputs } from '../../cargo/scan/declared-inputs';
import { ScanCache } from '../../cargo/scan/scan-cache';
import { packageProject } from '../../cargo/scan/scanned-crate';
import type { PlatformOptions } from '../../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { DotenvReader } from './dotenv-variables';
import { packageCrate, withPackages } from './path-packages';
import { rememberedCargoFacts } from './remembered-cargo-facts';
import { SettingsFiles } from './settings-files';

export interface KeyRequest {
  workspaceRoot: string;
  model: ServiceModel;
  env: NodeJS.ProcessEnv;
  options: PlatformOptions;
}

/** What a crate is compiled with, without itself: crates of the model, and path packages that are none. */
export interface Closure {
  crates: RustCrate[];
  others: PackageFacts[];
  /** Both, as the scan knows them. */
  scanned: ScannedProject[];
  /** A build script among them compiles C, as far as their sources tell. */
  cCompiler: boolean;
  /** sqlx checks queries in one of them. */
  queries: boolean;
  /** Those whose folder may end in the binary. */
  placed: ScannedProject[];
}

/** A crate of the model, or a path package that is none. */
export interface ScannedProject {
  project: string;
  root: string;
  targetDirectory?: string;
}

/** Everything that keys are made from, read once per run. */
export class KeyWorld {
  readonly workspaceRoot: string;
  readonly model: ServiceModel;
  readonly env: NodeJS.ProcessEnv;
  readonly options: PlatformOptions;
  readonly cache: ScanCache;
  readonly cargo: CargoFacts;
  readonly declared: ReadonlyMap<string, DeclaredInputs>;
  /** Why the sources of a project could not be read. */
  readonly unreadable = new Map<string, string>();
  readonly dotenv: DotenvReader;
  readonly settings: SettingsFiles;
  private readonly crateIn: ReadonlyMap<string, RustCrate>;
  private readonly closures = new Map<string, Closure>();

  constructor({ workspaceRoot, model, env, options }: KeyRequest) {
    this.workspaceRoot = workspaceRoot;
    this.model = model;
    this.env = env;
    this.options = options;
    this.cache = ScanCache.open(workspaceRoot, env);
    this.crateIn = new Map(model.crates.map((crate) => [crate.root, crate]));
    const roots = new Map(model.crates.map(({ manifest, cargoRoot }) => [manifest, cargoRoot]));
    this.cargo = rememberedCargoFacts({ workspaceRoot, roots, env });
    this.declared = declaredInputs({
      workspaceRoot,
      crates: model.crates.map((crate) => withPackages(crate, this.facts(crate), this.cargo)),
      packages: [...this.cargo.others.values()].map((one) => packageCrate(one, this.cargo, this.crateIn)),
      env,
      cache: this.cache,
      learned: readLearnedInputs(workspaceRoot),
      // One crate must not stop every task of the repository.
      onError: ({ project }, error) => this.unreadable.set(project, oneLine(error)),
    });
    this.dotenv = new DotenvReader(workspaceRoot, env);
    this.settings = new SettingsFiles(workspaceRoot);
  }

  /** `undefined` when its manifest cannot be read. */
  facts({ manifest }: RustCrate): MemberFacts | undefined {
    return this.cargo.members.get(manifest);
  }

  resolver({ cargoRoot }: RustCrate): string {
    return this.cargo.roots.get(cargoRoot)?.resolver ?? '';
  }

  closure(crate: RustCrate, cut: 'build' | 'test'): Closure {
    const name = `${cut} ${crate.root}`;
    const known = this.closures.get(name);
    if (known) return known;
    const facts = this.facts(crate);
    const hasDev = facts?.pathDependencies.some(({ kinds }) => kinds.every((kind) => kind === 'dev'));
    const closure = cut === 'test' && !hasDev ? this.closure(crate, 'build') : this.makeClosure(facts, cut);
    this.closures.set(name, closure);
    return closure;
  }

  private makeClosure(facts: MemberFacts | undefined, cut: 'build' | 'test'): Closure {
    const closure: Closure = {
      crates: [],
      others: [],
      scanned: [],
      cCompiler: false,
      queries: false,
      placed: [],
    };
    for (const one of facts ? pathClosure(this.cargo, facts, cut) : []) {
      const project = this.crateIn.get(one.folder);
      if (project) closure.crates.push(project);
      else closure.others.push(one);
      const scanned = project ?? packageProject(one);
      closure.scanned.push(scanned);
      const declared = this.declared.get(scanned.project);
      closure.cCompiler ||= declared?.cCompiler ?? false;
      closure.queries ||= declared?.queries ?? false;
      if (declared && isPlaced(declared)) closure.placed.push(scanned);
    }
    return closure;
  }
}

export function isPlaced({ bakesPath, compileEnv }: DeclaredInputs): boolean {
  return bakesPath || compileEnv.includes('OUT_DIR');
}

/** Reasons are listed by lines. */
export function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ');
}
