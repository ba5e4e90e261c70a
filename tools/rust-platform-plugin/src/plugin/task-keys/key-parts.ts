import { createHash } from 'node:crypto';
import type { Ingredient, KeyRecord } from '../../results/key-record';
import { hashIngredients } from './key-of';

interface Part {
  ingredients: Ingredient[];
  hash: string;
  /** Why it is never the same twice. */
  unverified: string[];
}

const EMPTY: Part = { ingredients: [], hash: '', unverified: [] };

interface Group {
  /** Of parts and of other groups. */
  names: string[];
  hash: string;
  unverified: string[];
  /** The parts alone, once somebody has asked. */
  parts?: string[];
}

/** The parts that keys are made of. Most are shared by many keys, so that each is made and hashed once. */
export class KeyParts {
  private readonly parts = new Map<string, Part>();
  private readonly groups = new Map<string, Group>();
  private readonly keys = new Map<string, Group>();

  /** Names the part that `make` fills; asked again, it is not made again. An empty part has no name. */
  part(name: string, make: () => Ingredient[]): string[] {
    const known = this.parts.get(name) ?? this.made(name, make());
    return known.ingredients.length > 0 ? [name] : [];
  }

  /** Gives a name to parts and groups that count together, each of them once. */
  group(name: string, names: string[]): string {
    this.groups.set(name, this.joined(names));
    return name;
  }

  hasGroup(name: string): boolean {
    return this.groups.has(name);
  }

  /** The key that is made of these parts and groups. */
  key(name: string, names: readonly string[]): { hash: string; unverified: string[] } {
    const key = this.joined([...new Set(names)]);
    this.keys.set(name, key);
    return { hash: key.hash, unverified: [...new Set(key.unverified)] };
  }

  record(locks: Record<string, string>): KeyRecord {
    const parts: KeyRecord['parts'] = {};
    for (const [name, { ingredients }] of this.parts) if (ingredients.length > 0) parts[name] = ingredients;
    const keys: KeyRecord['keys'] = {};
    for (const [name, { names }] of this.keys) keys[name] = [...new Set(this.expanded(names))];
    return { schemaVersion: 1, parts, keys, locks };
  }

  private expanded(names: readonly string[]): string[] {
    return names.flatMap((name) => {
      const group = this.groups.get(name);
      if (group) group.parts ??= this.expanded(group.names);
      return group?.parts ?? name;
    });
  }

  private joined(names: string[]): Group {
    const found = names.map((name) => this.parts.get(name) ?? (this.groups.get(name) as Group));
    const hash = createHash('sha256').update(found.map((one) => one.hash).join(''));
    return {
      names,
      hash: hash.digest('hex').slice(0, 32),
      unverified: found.flatMap(({ unverified }) => unverified),
    };
  }

  private made(name: string, ingredients: Ingredient[]): Part {
    // Most crates have nothing of most kinds.
    if (ingredients.length === 0) return this.keep(name, EMPTY);
    const unverified = ingredients.filter(({ group }) => group === 'unverified').map((one) => one.name);
    return this.keep(name, { ingredients, hash: hashIngredients(ingredients), unverified });
  }

  private keep(name: string, part: Part): Part {
    this.parts.set(name, part);
    return part;
  }
}
