import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'smol-toml';
import { readCargoConfig, type ConfigFile } from '../../cargo/cargo-config';
import { isProfileOf, type CargoFamily } from '../../cargo/cargo-facts-families';
import { isTable, stringAt, stringsAt, tableAt, type TomlTable } from '../../cargo/manifest';
import { factValue } from '../../cargo/manifest-facts/manifest-fact';
import { filesBelow } from '../../cargo/scan/files-below';
import type { Ingredient } from '../../results/key-record';
import { isBelow } from '../../cargo/workspace-members';
import { fileIngredient, hidden, placeOf } from './ingredient';
import type { KeyWorld } from './key-world';

/** How cargo talks, where it puts results and how it reaches a registry: no result is another one for it. */
const HARMLESS_TABLES =
  /^(term|net|http|cache|cargo-new|doc|install|future-incompat-report|registry|registries|credential-alias|include)$/;
const HARMLESS_KEYS =
  /^(build\.(target-dir|build-dir|jobs|dep-info-basedir)|alias\.(?!(clippy|fmt|nextest)$).*)$/;
const PROGRAM_KEYS = /^(rustc|rustdoc|rustc-wrapper|rustc-workspace-wrapper|linker|runner|ar)$/;
const PROGRAM_VARIABLES =
  /^(RUSTC|RUSTDOC|RUSTFMT|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|CARGO_(BUILD|TARGET)_.*(RUSTC|WRAPPER|LINKER|RUNNER))$/;

/** The configuration that cargo merges in the root of a workspace, value by value. */
export class CargoConfiguration {
  readonly files: ConfigFile[];
  private readonly tables: Array<{ place: string; file: string; toml: TomlTable | undefined; text: string }>;

  constructor(
    private readonly world: KeyWorld,
    /** Absolute. */
    private readonly cargoRoot: string,
  ) {
    this.files = readCargoConfig(cargoRoot, world.env);
    this.tables = this.files.map(({ file, text }, index) => ({
      // Only its order says where a file outside lies: clones of a repository share the cache.
      place: placeOf(world.workspaceRoot, file).replace('repository:', `repository (${index + 1}):`),
      file,
      toml: parsed(text),
      text,
    }));
  }

  /** Everything but profiles, with the content of what it names. */
  ingredients(): Ingredient[] {
    return this.tables.flatMap(({ place, toml, text, file }) => {
      if (!toml) return [{ group: 'config' as const, name: place, value: hidden(text) }];
      return [
        ...entriesOf(toml, place).filter(({ name }) => !/ \[profile\] /.test(name)),
        ...this.overridden(stringsAt(toml, 'paths'), file),
        ...this.vendored(tableAt(toml, 'source'), file),
        ...this.overridden(patchedPaths(toml), file),
        ...this.programs(toml, file),
        ...this.flagFiles(toml),
      ];
    });
  }

  /** Profiles that a family compiles with. */
  profiles(family: CargoFamily): Ingredient[] {
    return this.tables.flatMap(({ place, toml }) =>
      Object.entries(tableAt(toml, 'profile'))
        .filter(([name]) => isProfileOf(family, name))
        .map(([name, table]) => ({
          group: 'config' as const,
          name: `${place} [profile.${name}]`,
          value: factValue(table),
        })),
    );
  }

  /** Files of flags (`@file`) that a text names, whose content not even cargo notices. */
  argumentFiles(text: string): Ingredient[] {
    const words = text.replaceAll('\u001f', ' ').split(/\s+/);
    return words
      .filter((word) => word.startsWith('@'))
      .map((word) => ({
        group: 'config',
        name: word,
        value: hidden(textOf(resolve(this.cargoRoot, word.slice(1)))),
      }));
  }

  private flagFiles(toml: TomlTable): Ingredient[] {
    const tables = [tableAt(toml, 'build'), ...Object.values(tableAt(toml, 'target')).filter(isTable)];
    return tables
      .flatMap((table) => [stringAt(table, 'rustflags') ?? '', ...stringsAt(table, 'rustflags')])
      .flatMap((text) => this.argumentFiles(text));
  }

  /** `paths`: packages that take the place of others of their name. */
  private overridden(paths: string[], file: string): Ingredient[] {
    const { workspaceRoot, cache } = this.world;
    return paths
      .flatMap((path) => filesBelow(resolve(dirname(dirname(file)), path)) ?? [])
      .map((path) => fileIngredient(workspaceRoot, path, cache.hash(path)));
  }

  /** Wrappers, linkers and runners that lie in the repository. One from elsewhere counts by its name. */
  private programs(toml: TomlTable, file: string): Ingredient[] {
    const tables = [tableAt(toml, 'build'), ...Object.values(tableAt(toml, 'target')).filter(isTable)];
    const names = tables.flatMap((table) =>
      Object.entries(table).flatMap(([key, value]) => {
        const [word] = PROGRAM_KEYS.test(key) ? [value].flat() : [];
        return typeof word === 'string' ? [word.split(' ')[0] ?? ''] : [];
      }),
    );
    return this.inRepository(names, dirname(dirname(file)));
  }

  /** The same of variables. */
  programsNamedBy(variables: ReadonlyArray<[string, string]>): Ingredient[] {
    const names = variables
      .filter(([name]) => PROGRAM_VARIABLES.test(name))
      .map(([, value]) => value.split(' ')[0] ?? '');
    return this.inRepository(names, this.cargoRoot);
  }

  private inRepository(names: string[], folder: string): Ingredient[] {
    const { workspaceRoot, cache } = this.world;
    return names
      .filter((name) => name.includes('/'))
      .map((name) => resolve(folder, name))
      .filter((place) => isBelow(place, workspaceRoot))
      .map((place) => fileIngredient(workspaceRoot, place, cache.hash(place)));
  }

  /** Of a folder of sources cargo checks every file against these. */
  private vendored(sources: TomlTable, file: string): Ingredient[] {
    const { workspaceRoot, cache } = this.world;
    return Object.values(sources).flatMap((source) => {
      const folder = isTable(source) ? stringAt(source, 'directory') : undefined;
      if (folder === undefined) return [];
      return (filesBelow(resolve(dirname(dirname(file)), folder)) ?? [])
        .filter((path) => path.endsWith('.cargo-checksum.json'))
        .map((path) => fileIngredient(workspaceRoot, path, cache.hash(path)));
    });
  }
}

function patchedPaths(toml: TomlTable): string[] {
  const tables = Object.values(tableAt(toml, 'patch')).filter(isTable);
  return tables.flatMap((table) =>
    Object.values(table).flatMap((entry) => (isTable(entry) ? (stringAt(entry, 'path') ?? []) : [])),
  );
}

function entriesOf(toml: TomlTable, place: string): Ingredient[] {
  return Object.entries(toml)
    .filter(([table]) => !HARMLESS_TABLES.test(table))
    .flatMap(([table, value]) => {
      if (!isTable(value))
        return [{ group: 'config' as const, name: `${place} ${table}`, value: factValue(value) }];
      return Object.entries(value)
        .filter(([key]) => !HARMLESS_KEYS.test(`${table}.${key}`))
        .map(([key, entry]) => ({
          group: 'config' as const,
          name: `${place} [${table}] ${key}`,
          value: table === 'env' ? hidden(JSON.stringify(entry)) : factValue(entry),
        }));
    });
}

function parsed(text: string): TomlTable | undefined {
  try {
    return parse(text) as TomlTable;
  } catch {
    return undefined;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
