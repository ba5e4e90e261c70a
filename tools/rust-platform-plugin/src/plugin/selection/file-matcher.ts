import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ChangedFiles } from '../../cargo/git-revision';
import type { Ingredient, IngredientGroup, KeyRecord } from '../../results/key-record';
import type { KeyFamily } from '../key-variables';
import { isCargoFile } from './changed-cargo-files';

const OF_FILES: readonly IngredientGroup[] = ['source', 'file'];
/** Names of ingredients that change with every commit. */
const OF_GIT = /^state of git\b/;

/** Finds the keys that have read a changed file. Cargo files are compared by what they say, so they do not count here. */
export class FileMatcher {
  /** Changed files that were found. */
  readonly files = new Set<string>();
  private readonly changed: ReadonlySet<string>;
  /** Folder that is left → a file that is gone from it. */
  private readonly goneFrom = new Map<string, string>();
  /** Folder that is gone too → the file. */
  private readonly goneWith = new Map<string, string>();
  private readonly parts = new Map<string, boolean>();

  constructor(
    private readonly record: KeyRecord,
    changes: ChangedFiles,
    private readonly workspaceRoot: string,
  ) {
    const all = [...changes.modified, ...changes.added, ...changes.deleted];
    this.changed = new Set(all.filter((path) => !isCargoFile(path)));
    for (const path of changes.deleted) if (this.changed.has(path)) this.noteGone(path);
  }

  changes(project: string, family: KeyFamily): boolean {
    const parts = this.record.keys[`${project}:${family}`] ?? [];
    // All of them, so that every file is found.
    return parts.map((part) => this.changesPart(part)).some(Boolean);
  }

  private changesPart(name: string): boolean {
    const known = this.parts.get(name);
    if (known !== undefined) return known;
    const found = (this.record.parts[name] ?? []).map((ingredient) => this.find(ingredient)).filter(isText);
    for (const file of found) this.files.add(file);
    this.parts.set(name, found.length > 0);
    return found.length > 0;
  }

  /** The changed file that an ingredient was made of: its name is the path, or begins with it. */
  private find({ group, name }: Ingredient): string | undefined {
    if (this.changed.has(name)) return name;
    if (OF_GIT.test(name)) return [...this.changed][0];
    for (const { index } of name.matchAll(/[ :]/g)) {
      if (this.changed.has(name.slice(0, index))) return name.slice(0, index);
    }
    // A file that is gone is in no key any more: what a key reads beside it may have been read as a folder.
    return (
      this.goneWith.get(name) ??
      (OF_FILES.includes(group) ? this.goneFrom.get(posix.dirname(name)) : undefined)
    );
  }

  private noteGone(path: string): void {
    let folder = posix.dirname(path);
    for (; folder !== '.' && !existsSync(join(this.workspaceRoot, folder)); folder = posix.dirname(folder)) {
      this.goneWith.set(folder, path);
    }
    this.goneFrom.set(folder, path);
  }
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}
