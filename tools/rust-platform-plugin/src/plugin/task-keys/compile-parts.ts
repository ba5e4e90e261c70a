import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cargoHome } from '../../cargo/cargo-config';
import type { PackageFacts } from '../../cargo/cargo-facts';
import { manifestAsDependency, ownManifest, type CargoFamily } from '../../cargo/cargo-facts-families';
import type { DeclaredInputs } from '../../cargo/scan/declared-inputs';
import { filesBelow } from '../../cargo/scan/files-below';
import type { Ingredient } from '../../results/key-record';
import type { RustCrate } from '../../service-model/service-model';
import { ownFile, type OwnFile } from '../../cargo/scan/own-files';
import { packageProject } from '../../cargo/scan/scanned-crate';
import { dotenvIngredients, isForSqlx } from './dotenv-ingredients';
import { asIngredients, fileIngredient, hidden, variable } from './ingredient';
import type { KeyParts } from './key-parts';
import type { KeyWorld, ScannedProject } from './key-world';
import { otherFiles } from './other-files';

/** What single crates contribute to the results that are compiled from them. */
export class CompileParts {
  private readonly files = new Map<string, Record<OwnFile, Ingredient[]>>();

  constructor(
    private readonly world: KeyWorld,
    private readonly parts: KeyParts,
    /** See `gitState`; empty when no crate asks git. */
    private readonly git: string,
  ) {}

  /** Sources, files and variables that every result compiled from this crate depends on. */
  crate(crate: RustCrate): string[] {
    const declared = this.declared(crate);
    return this.parts.part(`${crate.project} sources`, () => [
      ...this.filesOf(crate).compile,
      ...this.variables(declared, 'compile'),
      ...this.asked(crate, declared),
    ]);
  }

  /** What its tests, benches and examples bring. */
  tests(crate: RustCrate): string[] {
    const declared = this.declared(crate);
    return this.parts.part(`${crate.project} tests`, () => [
      ...this.filesOf(crate).test,
      ...this.variables(declared, 'test'),
    ]);
  }

  manifest(crate: RustCrate, family: CargoFamily): string[] {
    const facts = this.world.facts(crate);
    const make = () => asIngredients(facts ? ownManifest(facts, family, this.world.resolver(crate)) : []);
    return this.parts.part(`${crate.project} manifest (${family})`, make);
  }

  /** A crate that another one depends on. */
  dependency(crate: RustCrate): string[] {
    const facts = this.world.facts(crate);
    const make = () => asIngredients(facts ? manifestAsDependency(facts) : []);
    return [...this.crate(crate), ...this.parts.part(`${crate.project} manifest (as a dependency)`, make)];
  }

  /** A path package that is no project: whether git knows its files or not, and wherever it lies. */
  other(found: PackageFacts): string[] {
    const { workspaceRoot, cache } = this.world;
    const root = join(workspaceRoot, found.folder);
    const isWanted = (file: string): boolean => {
      const path = file.slice(root.length + 1);
      return ownFile(path, { root: found.folder }) === 'compile';
    };
    const { project } = packageProject(found);
    const declared = this.world.declared.get(project);
    return this.parts.part(project, () => {
      const { content = {}, testContent } = declared ?? {};
      const named = Object.keys(content).filter((file) => !testContent?.has(file));
      const files = new Set([...(filesBelow(root) ?? []).filter(isWanted), ...named]);
      return [
        ...[...files].map((file) => fileIngredient(workspaceRoot, file, content[file] ?? cache.hash(file))),
        ...this.variables(declared, 'compile'),
        ...this.asked({ root: found.folder, cargoRoot: found.folder }, declared),
        ...asIngredients(manifestAsDependency(found)),
      ];
    });
  }

  /** Everything that lies in the crate or that its sources name. */
  filesOf(crate: RustCrate): Record<OwnFile, Ingredient[]> {
    const found = this.files.get(crate.project) ?? this.makeFiles(crate);
    this.files.set(crate.project, found);
    return found;
  }

  /** What it asks of sqlx and of git. */
  private asked(
    crate: Pick<RustCrate, 'root' | 'cargoRoot'>,
    declared: DeclaredInputs | undefined,
  ): Ingredient[] {
    return [
      ...(declared?.queries ? this.offlineData(crate) : []),
      ...(declared?.git ? [{ group: 'source' as const, name: 'state of git', value: this.git }] : []),
    ];
  }

  private declared({ project }: ScannedProject): DeclaredInputs | undefined {
    return this.world.declared.get(project);
  }

  private makeFiles(crate: RustCrate): Record<OwnFile, Ingredient[]> {
    const { workspaceRoot, cache } = this.world;
    const { content = {}, testContent } = this.declared(crate) ?? {};
    const found: Record<OwnFile, Ingredient[]> = { compile: [], test: [] };
    for (const [file, hash] of Object.entries(content)) {
      const part = testContent?.has(file) ? 'test' : 'compile';
      found[part].push(fileIngredient(workspaceRoot, file, hash));
    }
    const others = otherFiles(crate, this.world);
    for (const part of ['compile', 'test'] as const) {
      const rest = others[part].filter((file) => !(file in content));
      found[part].push(...rest.map((file) => fileIngredient(workspaceRoot, file, cache.hash(file))));
    }
    return found;
  }

  private variables(declared: DeclaredInputs | undefined, part: OwnFile): Ingredient[] {
    const ofTests = new Set(declared?.testEnv);
    return (declared?.compileEnv ?? [])
      .filter((name) => ofTests.has(name) === (part === 'test'))
      .map((name) => variable(name, this.world.env[name]));
  }

  /** `.sqlx` of the crate and of its Cargo workspace, or the folder that SQLX_OFFLINE_DIR names; and its `.env` files. */
  private offlineData({ root, cargoRoot }: Pick<RustCrate, 'root' | 'cargoRoot'>): Ingredient[] {
    const { workspaceRoot, env, cache, dotenv } = this.world;
    const named = env['SQLX_OFFLINE_DIR'];
    const top = join(workspaceRoot, cargoRoot);
    const folders = [
      join(workspaceRoot, root, '.sqlx'),
      join(top, '.sqlx'),
      ...(named ? [join(top, named)] : []),
    ];
    const files = [...new Set(folders)]
      .filter((folder) => existsSync(folder))
      .flatMap((folder) => filesBelow(folder) ?? []);
    return [
      ...files.map((file) => fileIngredient(workspaceRoot, file, cache.hash(file))),
      ...dotenvIngredients(dotenv.ancestors(join(workspaceRoot, root)), workspaceRoot, isForSqlx),
    ];
  }

  /** Where the paths lie that end in a binary. No verdict depends on that. */
  place(crate: ScannedProject): string[] {
    return this.parts.part(`${crate.project} place`, () => this.places(crate));
  }

  private places(crate: ScannedProject): Ingredient[] {
    const { workspaceRoot, env } = this.world;
    const declared = this.declared(crate);
    const found: Ingredient[] = [];
    const add = (what: string, why: string, value: string) =>
      found.push({ group: 'place', name: `${what} (env!("${why}") in ${crate.root})`, value: hidden(value) });
    if (declared?.bakesPath) add('workspace folder', 'CARGO_MANIFEST_DIR', workspaceRoot);
    // Only rust-inputs.json names it.
    if (declared?.compileEnv.includes('OUT_DIR')) {
      add(
        'folders of cargo',
        'OUT_DIR',
        JSON.stringify([workspaceRoot, cargoHome(env), crate.targetDirectory]),
      );
    }
    return found;
  }
}
