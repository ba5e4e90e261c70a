import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootManifest, type CargoFamily } from '../../cargo/cargo-facts-families';
import { nativeCpuFacts } from '../../cargo/machine-facts';
import { remapPaths } from '../../cargo/remap-paths';
import { toolVariables } from '../../cargo/scan/tool-variables';
import type { Ingredient } from '../../results/key-record';
import { CargoConfiguration } from './config-ingredients';
import { asIngredients, hidden } from './ingredient';
import type { KeyParts } from './key-parts';
import type { KeyWorld } from './key-world';
import { pluginIdentity } from './plugin-content';
import { allManifestsPart } from './reads-all-manifests';
import { toolIngredients, type ToolReader } from './tool-families';
import { toolchainIngredients } from './toolchain-ingredients';

/** What all crates of one Cargo workspace have in common. */
export class WorkspaceParts {
  readonly configuration: CargoConfiguration;
  /** Every crate asks the same. */
  private readonly known = new Map<CargoFamily, string[]>();

  private constructor(
    private readonly world: KeyWorld,
    private readonly parts: KeyParts,
    private readonly cargoRoot: string,
    private readonly toolchain: Ingredient[],
  ) {
    this.configuration = new CargoConfiguration(world, join(world.workspaceRoot, cargoRoot));
  }

  static async open(world: KeyWorld, parts: KeyParts, cargoRoot: string): Promise<WorkspaceParts> {
    return new WorkspaceParts(world, parts, cargoRoot, await toolchainIngredients(world, cargoRoot));
  }

  /** In every key: whose code it is that answers, and what compiles. */
  tools(): string[] {
    const plugin = {
      group: 'plugin' as const,
      name: 'rust-platform-plugin',
      value: pluginIdentity(this.world.workspaceRoot, this.world.env),
    };
    return [
      ...this.parts.part('plugin', () => [plugin]),
      ...this.parts.part(`${this.cargoRoot} toolchain`, () => this.toolchain),
    ];
  }

  compiling(family: CargoFamily): string[] {
    const known = this.known.get(family) ?? this.makeCompiling(family);
    this.known.set(family, known);
    return known;
  }

  private makeCompiling(family: CargoFamily): string[] {
    const { parts, cargoRoot, configuration } = this;
    const root = this.world.cargo.roots.get(cargoRoot);
    const profile = family === 'build' ? 'release' : 'development';
    return [
      ...this.tools(),
      ...this.variables('compiling'),
      ...this.variables(family === 'build' ? 'build' : 'development'),
      ...parts.part(`${cargoRoot} configuration of cargo`, () => [
        ...configuration.ingredients(),
        ...configuration.programsNamedBy(toolVariables(this.world.env)),
        ...toolVariables(this.world.env).flatMap(([, value]) => configuration.argumentFiles(value)),
      ]),
      ...parts.part(`${cargoRoot} processor`, () => this.processor()),
      ...parts.part(`${cargoRoot} root manifest (${profile})`, () => [
        ...asIngredients(root ? rootManifest(root, family) : []),
        ...configuration.profiles(family),
      ]),
    ];
  }

  /** Of all its members, with what cargo itself takes no notice of. */
  manifests(): string[] {
    const members = [...this.world.cargo.members.values()].filter(
      ({ cargoRoot }) => cargoRoot === this.cargoRoot,
    );
    return this.parts.part(allManifestsPart(this.cargoRoot), () =>
      members.flatMap(({ manifest }) => asIngredients(manifest)),
    );
  }

  /** Of what is built, not of what it does. */
  place(): string[] {
    return this.parts.part(`${this.cargoRoot} folder`, () => this.folder());
  }

  private processor(): Ingredient[] {
    const facts = nativeCpuFacts(this.compilerRequest());
    return facts.map(({ name, value }) => ({ group: 'place', name, value }));
  }

  /** Where flags of the user's stand in the way of leaving the folder out of what is built. */
  private folder(): Ingredient[] {
    const { workspaceRoot, model } = this.world;
    const crate = model.crates.find(({ cargoRoot }) => cargoRoot === this.cargoRoot);
    const targetDirectory = crate?.targetDirectory ?? '';
    const { unmapped } = remapPaths({ ...this.compilerRequest(), workspaceRoot, targetDirectory });
    return unmapped.map((reason) => ({
      group: 'place',
      name: `workspace folder (${reason})`,
      value: hidden(workspaceRoot),
    }));
  }

  private compilerRequest() {
    const cargoRoot = join(this.world.workspaceRoot, this.cargoRoot);
    const manifest = textOf(join(cargoRoot, 'Cargo.toml'));
    const { files: configs } = this.configuration;
    // Parsed only for the flags of its profiles, which few have.
    const hasFlags = /rustflags|trim-paths/.test(manifest ?? '');
    return { cargoRoot, env: this.world.env, configs, ...(hasFlags ? { manifest } : {}) };
  }

  variables(reader: ToolReader): string[] {
    return this.parts.part(`environment of ${reader}`, () => toolIngredients(this.world.env, reader));
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
