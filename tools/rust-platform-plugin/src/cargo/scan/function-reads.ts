import type { Origins } from './origins';

/** Something that a source reads while crates compile, by a name that is no plain text. */
export interface ComputedRead extends Origins {
  /** As it stands in the source, shortened. */
  what: string;
  kind: 'file' | 'variable' | 'program';
}

/** What a part of a source does when it runs while crates compile. Empty lists are left out. */
export interface CompileTimeReads {
  /** Every text that may name something. */
  texts?: string[];
  /** Files that it reads by a plain text. */
  files?: string[];
  reads?: ComputedRead[];
  /** Names of variables, or texts that look like one. */
  variables?: string[];
  /** Files and folders that it writes. */
  writes?: string[];
  /** Programs that it starts by a plain name. */
  programs?: string[];
  /** Variables that it declares with `rerun-if-env-changed`. */
  declares?: string[];
  /** It prints `rerun-if-changed` lines: then its output tells what it reads. */
  declaresFiles?: true;
  /** It prints `rerun-if-env-changed` lines of computed names. */
  declaresVariables?: true;
  /** It, or a library that it uses, prints `rerun-if` lines: cargo does not run it for every file of the package. */
  reruns?: true;
  /** It asks git, by the program or by a library. */
  git?: true;
  /** It reads the manifest of the crate. */
  manifest?: true;
  /** It compiles C. */
  cCompiler?: true;
  /** It has a client for a network. */
  network?: true;
}

/** Of one function. */
export interface FunctionReads extends CompileTimeReads {
  /** Empty: what stands outside of functions. */
  name: string;
  /** Words that may be names of functions. */
  calls?: string[];
}

/** What several functions do together. */
export function mergeReads(functions: readonly FunctionReads[]): CompileTimeReads {
  const merged: Record<string, unknown> = {};
  for (const [key, value] of functions.flatMap((part) => Object.entries(part))) {
    if (key === 'name' || key === 'calls') continue;
    merged[key] = Array.isArray(value) ? unique([...((merged[key] as unknown[]) ?? []), ...value]) : value;
  }
  return merged as CompileTimeReads;
}

/** Each once, in order. */
export function unique<T>(list: T[]): T[] {
  return [...new Map(list.map((item) => [JSON.stringify(item), item])).values()];
}
