import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBelow } from '../../cargo/workspace-members';
import type { Ingredient } from '../../results/key-record';
import { hidden, placeOf } from './ingredient';

/** Settings of tools, which look for them in a folder and in all folders above it. Reads each file once. */
export class SettingsFiles {
  private readonly found = new Map<string, string[]>();
  private readonly hashes = new Map<string, string | undefined>();

  constructor(private readonly workspaceRoot: string) {}

  /** `folder`: absolute. `more`: folders after those. */
  upwards(folder: string, names: readonly string[], more: readonly string[] = []): Ingredient[] {
    const others = more.flatMap((place) => names.map((name) => join(place, name)));
    return this.in([...this.existing(folder, names), ...others]);
  }

  /** Most folders have the same ones above them. */
  private existing(folder: string, names: readonly string[]): string[] {
    const key = `${names.join(' ')} ${folder}`;
    const known = this.found.get(key);
    if (known) return known;
    const parent = dirname(folder);
    const above = parent === folder ? [] : this.existing(parent, names);
    const own = names.map((name) => join(folder, name)).filter((file) => this.hash(file) !== undefined);
    const files = own.length > 0 ? [...own, ...above] : above;
    this.found.set(key, files);
    return files;
  }

  /** Of a file outside the repository only the order counts: clones share the cache. */
  in(files: readonly string[]): Ingredient[] {
    let outside = 0;
    return files.flatMap((file) => {
      const value = this.hash(file);
      if (value === undefined) return [];
      const place = placeOf(this.workspaceRoot, file);
      const name = isBelow(file, this.workspaceRoot) ? place : `${place} (${++outside})`;
      return [{ group: 'config' as const, name, value }];
    });
  }

  private hash(file: string): string | undefined {
    if (this.hashes.has(file)) return this.hashes.get(file);
    const text = textOf(file);
    const hash = text === undefined ? undefined : hidden(text);
    this.hashes.set(file, hash);
    return hash;
  }
}

function textOf(file: string): string | undefined {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
