import { join } from 'node:path';
import type { MutationWorkspace } from './workspace/workspace';
import type { Stubbed } from './stub-tools';
import { stubText } from './stub-tools';

export type Change = (workspace: MutationWorkspace) => Promise<void>;

/** One single change of the fixture, and the tasks whose result it can change. */
export interface Mutation {
  name: string;
  change: Change;
  /** Tasks that must miss; every other one must hit. */
  misses: string[];
  /** Tasks of which only a key that is needlessly fine could tell: not judged. Each row says why. */
  either?: string[];
  /** State to start from, other than the fixture itself. */
  given?: Change;
  /** Nobody can tell: the misses miss again although nothing changed any more. */
  always?: true;
  /** The run takes place in a copy of the checkout in another folder. */
  elsewhere?: true;
  /** Belongs to the short form. */
  short?: true;
}

export function write(file: string, text: string): Change {
  return ({ edits, path }) => edits.write(path(file), text);
}

export function remove(file: string): Change {
  return ({ edits, path }) => edits.remove(path(file));
}

/** The one place where `from` stands. */
export function edit(file: string, from: string | RegExp, to: string): Change {
  return ({ edits, path }) => edits.edit(path(file), (text) => text.replace(from, to));
}

export function append(file: string, text: string): Change {
  return ({ edits, path }) => edits.edit(path(file), (before) => `${before}${text}`);
}

export function env(variables: Record<string, string>): Change {
  return async (workspace) => {
    Object.assign(workspace.env, variables);
  };
}

/** Another version of a program that is first on PATH. */
export function tool(name: Stubbed, version: string): Change {
  return ({ edits, base }) => edits.write(join(base, 'bin', name), stubText(name, version));
}

export function both(...changes: Change[]): Change {
  return async (workspace) => {
    for (const change of changes) await change(workspace);
  };
}
