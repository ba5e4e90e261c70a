import { join } from 'node:path';
import type { RustCrate } from '../../service-model/service-model';
import { dotenvIngredients } from './dotenv-ingredients';
import { variable } from './ingredient';
import type { KeyParts } from './key-parts';
import type { KeyWorld, ScannedProject } from './key-world';
import {
  everyVariable,
  isReadByLibraries,
  libraryVariables,
  namedVariables,
  type Variables,
} from './read-variables';

/** What running the binaries and tests of crates depends on, beyond compiling them. */
export class RunParts {
  private readonly known = new Map<string, string[]>();

  constructor(
    private readonly world: KeyWorld,
    private readonly parts: KeyParts,
  ) {}

  /** The variables that the sources of these crates, which run as one program, read. */
  environment(crates: readonly ScannedProject[]): string[] {
    const { declared, env } = this.world;
    const named = crates.flatMap((crate) => this.named(crate));
    const any = crates.some(({ project }) => declared.get(project)?.anyEnv);
    return [
      ...named,
      ...this.part('environment of libraries', () => libraryVariables(env)),
      ...(any ? this.everything() : []),
    ];
  }

  /** Every crate above it asks again. */
  private named({ project }: ScannedProject): string[] {
    const { declared, env } = this.world;
    const known = this.known.get(project);
    if (known) return known;
    const names = declared.get(project)?.runtimeEnv ?? [];
    const part = this.part(`${project} environment`, () => namedVariables(names, env));
    this.known.set(project, part);
    return part;
  }

  everything(): string[] {
    return this.part('every variable', () => everyVariable(this.world.env));
  }

  /** `.env` files that Nx loads into the tasks of a service. */
  dotenv({ project, root }: RustCrate): string[] {
    const { dotenv, workspaceRoot } = this.world;
    const files = () => dotenv.upwards(join(workspaceRoot, root));
    return this.parts.part(`${project} .env`, () => dotenvIngredients(files(), workspaceRoot, () => true));
  }

  /** What the tests of a crate, which run as one program with these crates, read of them. */
  dotenvOfTests(crate: RustCrate, crates: readonly ScannedProject[]): string[] {
    const { declared, dotenv, workspaceRoot } = this.world;
    const all = crates.map(({ project }) => declared.get(project));
    // A server that a test is given may be named by any of them.
    if (crate.testNeeds.length > 0 || all.some((one) => one?.anyEnv)) return this.dotenv(crate);
    const names = new Set(all.flatMap((one) => one?.runtimeEnv ?? []));
    const files = () => dotenv.upwards(join(workspaceRoot, crate.root));
    return this.parts.part(`${crate.project} .env of tests`, () =>
      dotenvIngredients(files(), workspaceRoot, (name) => names.has(name) || isReadByLibraries(name)),
    );
  }

  private part(name: string, make: () => Variables): string[] {
    return this.parts.part(name, () => make().map(([key, value]) => variable(key, value)));
  }
}
