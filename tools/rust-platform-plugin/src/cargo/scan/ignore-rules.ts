import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ignore from 'ignore';
import { scopesBeyond, type IgnoreScope } from '../list-manifests';

/** What git and Nx ignore in a repository, by its `.gitignore` files and `.nxignore`. Keeps what it has read. */
export class IgnoreRules {
  /** By folder, empty or ending in `/`; `undefined` for an ignored one. */
  private readonly known = new Map<string, IgnoreScope[] | undefined>();

  constructor(private readonly workspaceRoot: string) {}

  /** `path`: a file, relative to the repository, with `/`. */
  ignores(path: string): boolean {
    if (path.startsWith('../')) return false;
    const scopes = this.in(path.slice(0, path.lastIndexOf('/') + 1));
    return scopes === undefined || scopesBeyond(path, scopes) === undefined;
  }

  private in(folder: string): IgnoreScope[] | undefined {
    if (this.known.has(folder)) return this.known.get(folder);
    const outer = folder === '' ? [] : this.beyond(folder);
    const scopes = outer && [...outer, ...this.of(folder)];
    this.known.set(folder, scopes);
    return scopes;
  }

  private beyond(folder: string): IgnoreScope[] | undefined {
    const above = this.in(folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1));
    return above && scopesBeyond(folder, above);
  }

  private of(folder: string): IgnoreScope[] {
    const names = folder === '' ? ['.gitignore', '.nxignore'] : ['.gitignore'];
    return names.flatMap((name) => {
      const file = join(this.workspaceRoot, folder, name);
      // An exception takes most of the time, and most folders have none.
      if (!existsSync(file)) return [];
      try {
        const text = readFileSync(file, 'utf8');
        return [{ base: folder, rules: ignore().add(text) }];
      } catch {
        return [];
      }
    });
  }
}
