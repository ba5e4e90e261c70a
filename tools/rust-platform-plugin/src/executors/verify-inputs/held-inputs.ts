import { readdirSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { DeclaredInputs } from '../../cargo/scan/declared-inputs';
import type { IgnoreRules } from '../../cargo/scan/ignore-rules';
import { ownFile } from '../../cargo/scan/own-files';
import { isToolVariable } from '../../cargo/scan/tool-variables';
import { isBelow } from '../../cargo/workspace-members';

/** A package whose folder counts for the key: a crate of the model, or a path package that is none. */
export interface HeldPackage {
  /** Absolute, links resolved. */
  folder: string;
  /** Relative to the workspace root; `.` of a root package. */
  root: string;
  declared?: DeclaredInputs;
}

/** What the key of a crate holds of its closure: files and variables, by the same rules as the key itself. */
export class HeldInputs {
  private readonly content = new Set<string>();
  private readonly variables = new Set<string>();
  /** Places that build scripts write to. */
  private readonly made: string[] = [];

  constructor(
    private readonly packages: readonly HeldPackage[],
    private readonly ignored: IgnoreRules,
    /** Path of the scan → as cargo writes it, where links lie on the way. */
    real: (path: string) => string,
  ) {
    for (const { declared } of packages) {
      for (const file of Object.keys(declared?.content ?? {})) this.content.add(real(file));
      this.made.push(...(declared?.made ?? []).map(real));
      for (const name of declared?.compileEnv ?? []) this.variables.add(name);
    }
  }

  variable(name: string): boolean {
    return this.variables.has(name) || isToolVariable(name);
  }

  /** `ofTests`: read by a test, for whose key its crate's fixtures count. */
  file(path: string, ofTests: boolean): boolean {
    return this.content.has(path) || this.isOwn(path, ofTests);
  }

  /** Files that lie in the folder now, and those that may come. */
  folder(path: string, ofTests: boolean): boolean {
    if (this.isOwn(`${path}/x`, ofTests)) return true;
    const entries = entriesOf(path);
    return entries.length > 0 && entries.every((entry) => this.file(`${path}/${entry}`, ofTests));
  }

  private isOwn(path: string, ofTests: boolean): boolean {
    const owner = this.packages
      .filter(({ folder }) => path.startsWith(folder + sep))
      .sort((a, b) => b.folder.length - a.folder.length)[0];
    if (!owner) return false;
    const inCrate = relative(owner.folder, path).split(sep).join('/');
    const kind = ownFile(inCrate, owner);
    const counts = kind === 'compile' || (kind === 'test' && ofTests);
    if (owner.root.startsWith('..')) return counts;
    const isIgnored = this.ignored.ignores(owner.root === '.' ? inCrate : `${owner.root}/${inCrate}`);
    return isIgnored ? this.made.some((place) => isBelow(path, place)) : counts;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !statSync(`${folder}/${name}`).isDirectory(),
    );
  } catch {
    return [];
  }
}
