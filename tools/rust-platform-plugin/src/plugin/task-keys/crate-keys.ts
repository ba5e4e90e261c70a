import { join } from 'node:path';
import { cutOf, lockOf, type CargoFamily } from '../../cargo/cargo-facts-families';
import { packageProject } from '../../cargo/scan/scanned-crate';
import { isToolVariable } from '../../cargo/scan/tool-variables';
import type { RustCrate } from '../../service-model/service-model';
import { clippySettings } from './clippy-settings';
import type { CompileParts } from './compile-parts';
import { dotenvIngredients, isForSqlx } from './dotenv-ingredients';
import type { KeyParts } from './key-parts';
import type { Closure, KeyWorld, ScannedProject } from './key-world';
import { readsAllManifests } from './reads-all-manifests';
import type { RunParts } from './run-parts';
import { rustfmtIngredients } from './rustfmt-part';
import { isReadBy, type ToolReader } from './tool-families';
import { nonces, type UnverifiedReasons } from './unverified';
import type { WorkspaceParts } from './workspace-parts';

type CompiledFamily = Exclude<CargoFamily, 'rustfmt'>;

const READERS: Record<CompiledFamily, ToolReader[]> = {
  build: ['compiling', 'build'],
  clippy: ['compiling', 'development', 'clippy'],
  test: ['compiling', 'development', 'tests'],
};

/** Of which parts the key of a family is made that cargo, rustfmt or the tests of one crate decide. */
export class CrateKeys {
  private readonly groups = new Map<Closure, string>();

  constructor(
    private readonly world: KeyWorld,
    private readonly parts: KeyParts,
    private readonly from: {
      workspaces: ReadonlyMap<string, WorkspaceParts>;
      compile: CompileParts;
      run: RunParts;
      reasons: UnverifiedReasons;
      /** Of crates that a C compiler takes part in; empty when no crate has any. */
      cCompiler: string;
    },
  ) {}

  build(crate: RustCrate): string[] {
    const placed = [crate, ...this.world.closure(crate, 'build').placed];
    return [
      ...this.built(crate),
      ...this.workspace(crate).place(),
      ...placed.flatMap((one) => this.from.compile.place(one)),
    ];
  }

  /** What a program does, wherever its folder lies. */
  built(crate: RustCrate): string[] {
    return this.compiled(crate, 'build');
  }

  clippy(crate: RustCrate): string[] {
    const { configuration } = this.workspace(crate);
    return [
      ...this.compiled(crate, 'clippy'),
      ...this.from.compile.tests(crate),
      ...this.workspace(crate).variables('clippy'),
      ...(readsAllManifests(this.world, crate) ? this.workspace(crate).manifests() : []),
      ...this.parts.part(`${crate.project} settings of clippy`, () =>
        clippySettings(this.world, crate, configuration.files),
      ),
    ];
  }

  test(crate: RustCrate): string[] {
    const { run, compile } = this.from;
    const { workspaceRoot, settings } = this.world;
    const program = [crate, ...this.world.closure(crate, 'test').scanned];
    const folder = join(workspaceRoot, crate.cargoRoot);
    const names = [join('.config', 'nextest.toml'), join('.cargo', 'nextest.toml')];
    return [
      ...this.compiled(crate, 'test'),
      ...compile.tests(crate),
      ...run.environment(program),
      ...run.dotenvOfTests(crate, program),
      ...this.workspace(crate).variables('tests'),
      ...this.parts.part(`${crate.cargoRoot} settings of nextest`, () => settings.upwards(folder, names)),
    ];
  }

  rustfmt(crate: RustCrate): string[] {
    const workspace = this.workspace(crate);
    return [
      ...workspace.tools(),
      ...workspace.variables('rustfmt'),
      ...this.parts.part(`${crate.project} format`, () => {
        const { compile, test } = this.from.compile.filesOf(crate);
        return rustfmtIngredients(this.world, crate, [...compile, ...test]);
      }),
    ];
  }

  private compiled(crate: RustCrate, family: CompiledFamily): string[] {
    const { compile } = this.from;
    const closure = this.world.closure(crate, cutOf(family));
    return [
      ...this.workspace(crate).compiling(family),
      ...compile.crate(crate),
      ...compile.manifest(crate, family),
      this.below(crate, cutOf(family)),
      ...this.lock(crate, cutOf(family)),
      ...this.dotenv(crate, closure, family),
      ...this.machine(crate, closure, cutOf(family)),
      ...this.unverified(crate, closure, family),
    ];
  }

  /** Everything that it is compiled with, as one. */
  private below(crate: RustCrate, cut: 'build' | 'test'): string {
    const closure = this.world.closure(crate, cut);
    const known = this.groups.get(closure);
    if (known !== undefined) return known;
    const name = this.parts.group(`${crate.project} dependencies (${cut})`, [
      ...closure.crates.map((one) => this.dependency(one)),
      ...closure.others.flatMap((one) => [
        ...this.from.compile.other(one),
        ...this.unverifiedSources(packageProject(one)),
      ]),
    ]);
    this.groups.set(closure, name);
    return name;
  }

  /** A crate as those above it see it. */
  private dependency(crate: RustCrate): string {
    const name = `${crate.project} as a dependency`;
    if (this.parts.hasGroup(name)) return name;
    return this.parts.group(name, [...this.from.compile.dependency(crate), ...this.unverifiedSources(crate)]);
  }

  private unverifiedSources(crate: ScannedProject): string[] {
    return this.parts.part(`${crate.project} unverified`, () =>
      nonces(this.from.reasons.sources(crate, false)),
    );
  }

  private lock(crate: RustCrate, cut: 'build' | 'test'): string[] {
    const facts = this.world.facts(crate);
    const value = facts && lockOf(facts, cut);
    return this.parts.part(`${crate.project} lock (${cut})`, () =>
      value === undefined ? [] : [{ group: 'lock', name: `${crate.packageName} (${cut})`, value }],
    );
  }

  /** Nx loads the `.env` files of a project into its tasks, and with them into every compiler call. */
  private dotenv(crate: RustCrate, closure: Closure, family: CompiledFamily): string[] {
    const { workspaceRoot, dotenv, declared } = this.world;
    return this.parts.part(`${crate.project} .env of compiling (${family})`, () => {
      const files = dotenv.upwards(join(workspaceRoot, crate.root));
      if (files.length === 0) return [];
      const all = [crate, ...closure.scanned].map(({ project }) => declared.get(project));
      const names = new Set(all.flatMap((one) => one?.compileEnv ?? []));
      const queries = all.some((one) => one?.queries);
      return dotenvIngredients(files, workspaceRoot, (name) => {
        const isRead = isToolVariable(name) && READERS[family].some((reader) => isReadBy(reader, name));
        return names.has(name) || isRead || (queries && isForSqlx(name));
      });
    });
  }

  private machine(crate: RustCrate, closure: Closure, cut: 'build' | 'test'): string[] {
    const { cCompiler } = this.from;
    const own = this.world.declared.get(crate.project)?.cCompiler;
    const isAsked = own || closure.cCompiler || this.world.facts(crate)?.compilesC?.[cut];
    if (!isAsked || cCompiler === '') return [];
    const name = 'C compiler (build scripts compile C)';
    return this.parts.part('C compiler', () => [{ group: 'place', name, value: cCompiler }]);
  }

  private unverified(crate: RustCrate, closure: Closure, family: CompiledFamily): string[] {
    const { reasons } = this.from;
    const { parts } = this;
    const cut = cutOf(family);
    const withTests = family !== 'build';
    return [
      ...parts.part(`${crate.project} unverified Cargo files`, () => nonces(reasons.cargoFiles(crate))),
      ...this.unverifiedSources(crate),
      ...(withTests
        ? parts.part(`${crate.project} unverified tests`, () => nonces(reasons.sources(crate, true)))
        : []),
      ...parts.part(`${crate.project} database (${cut})`, () => nonces(reasons.liveDatabase(crate, closure))),
    ];
  }

  private workspace({ cargoRoot }: RustCrate): WorkspaceParts {
    const found = this.from.workspaces.get(cargoRoot);
    if (!found) throw new Error(`no facts about ${cargoRoot}`);
    return found;
  }
}
