import { parse } from 'smol-toml';
import type { RepositoryState } from '../repository-state';

export type Table = Record<string, unknown>;

/** Parses each blob once, over all states. `undefined`: no such file, or no TOML. */
export class TomlFiles {
  private readonly known = new Map<string, Table | undefined>();

  read(state: RepositoryState, path: string): Table | undefined {
    const blob = state.blob(path);
    if (blob === undefined) return undefined;
    if (!this.known.has(blob)) this.known.set(blob, parseOrNothing(state.read(path)));
    return this.known.get(blob);
  }
}

export function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as Table)
    : {};
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parseOrNothing(content: string | undefined): Table | undefined {
  if (content === undefined) return undefined;
  try {
    return parse(content);
  } catch {
    return undefined;
  }
}
