import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { filesBelow } from '../../cargo/scan/files-below';
import { factValue } from '../../cargo/manifest-facts/manifest-fact';
import type { Ingredient } from '../../results/key-record';
import type { RustCrate, RustService } from '../../service-model/service-model';
import type { ComposeServices } from './compose-file';
import { httpRunnerVersion } from './http-runner-version';
import { fileIngredient, hidden } from './ingredient';
import type { KeyParts } from './key-parts';
import type { KeyWorld } from './key-world';
import type { Server } from './server-facts';

const MOST_FILES = 5000;

/** What API tests depend on beyond the programs that they start. */
export class ApiParts {
  constructor(
    private readonly world: KeyWorld,
    private readonly parts: KeyParts,
    private readonly servers: ReadonlyMap<Server, Ingredient>,
    private readonly compose: ComposeServices,
  ) {}

  /** `.http` files, their environment files and scripts, and the program that runs them. */
  requests({ project, root, service }: RustCrate): string[] {
    return [
      ...this.parts.part(`${project} API tests`, () =>
        this.files(apiFolders(this.world.workspaceRoot, root, service?.apiTests ?? [])),
      ),
      ...this.parts.part('runner of .http files', () => [
        { group: 'tool', name: 'httpyac', value: httpRunnerVersion() },
      ]),
    ];
  }

  /** A request or a script beside it reads the environment: by which names cannot be told. */
  readsEnvironment({ root, service }: RustCrate): boolean {
    const { workspaceRoot } = this.world;
    return apiFolders(workspaceRoot, root, service?.apiTests ?? [])
      .flatMap((folder) => filesBelow(folder, { most: MOST_FILES }) ?? [])
      .some((file) => /\.(http|rest|[cm]?[jt]s)$/.test(file) && namesProcess(file));
  }

  /** How a service is started: what the executor reads of its description, nothing else of the metadata. */
  service({ project, manifest, service }: RustCrate): string[] {
    if (!service) return [];
    return this.parts.part(`${project} description`, () =>
      descriptionOf(service).map(([name, value]) => ({
        group: 'manifest',
        name: `${manifest} [package.metadata.rust-platform] ${name}`,
        value: name.startsWith('env ') ? hidden(String(value)) : factValue(value ?? null),
      })),
    );
  }

  migrations({ project, service }: RustCrate): string[] {
    const { workspaceRoot } = this.world;
    return this.parts.part(`${project} migrations`, () =>
      service?.migrations ? this.files([join(workspaceRoot, service.migrations)]) : [],
    );
  }

  /** Provider and major version of each server. */
  serversOf(kinds: readonly Server[]): string[] {
    return kinds.flatMap((kind) => {
      const fact = this.servers.get(kind);
      return fact ? this.parts.part(fact.name, () => [fact]) : [];
    });
  }

  /** Services of the Compose file that a service needs. */
  composed({ service }: RustCrate): string[] {
    const { composeFile } = this.world.options;
    return (service?.needs ?? []).flatMap((need) =>
      need.kind === 'compose'
        ? this.parts.part(`${composeFile} ${need.service}`, () => [
            {
              group: 'server',
              name: `${composeFile} ${need.service}`,
              value: this.compose.definition(need.service),
            },
          ])
        : [],
    );
  }

  private files(folders: readonly string[]): Ingredient[] {
    const { workspaceRoot, cache } = this.world;
    const files = folders.flatMap((folder) => filesBelow(folder, { most: MOST_FILES }) ?? []);
    return [...new Set(files)].map((file) => fileIngredient(workspaceRoot, file, cache.hash(file), 'file'));
  }
}

/** `api` of the crate, and every folder that holds one of its `.http` files; none that lies in another. */
function apiFolders(workspaceRoot: string, root: string, apiTests: readonly string[]): string[] {
  const folders = new Set([join(root, 'api'), ...apiTests.map((file) => dirname(file))]);
  return [...folders]
    .filter((folder) => ![...folders].some((other) => other !== folder && isInside(folder, other)))
    .map((folder) => join(workspaceRoot, folder));
}

function isInside(folder: string, other: string): boolean {
  return relative(other, folder).split(sep)[0] !== '..';
}

function descriptionOf(service: RustService): Array<[name: string, value: unknown]> {
  // Not the port: API tests take a free one.
  const { binary, args, health, needs, env, migrations, gracePeriod, startTimeout } = service;
  const needed = needs.map((need) => Object.values(need).join(' ')).sort();
  const fields = { binary, args, health, needs: needed, migrations, gracePeriod, startTimeout };
  return [
    ...Object.entries(fields),
    ...Object.entries(env).map(([name, value]): [string, unknown] => [`env ${name}`, value]),
  ];
}

/** `process.env`, `$processEnv`, and whatever else gets hold of the process. */
function namesProcess(file: string): boolean {
  try {
    return /\bprocess\b|processEnv/.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}
