import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'dotenv';
import { envFileNames } from '../../service-model/read-dotenv';

/** One `.env` file that Nx may load into a task, or that sqlx reads while it compiles. */
export interface DotenvFile {
  file: string;
  values: Record<string, string>;
}

/** All `.env` files from a crate up to the root of the repository. Keeps what it has read. */
export class DotenvReader {
  private readonly known = new Map<string, DotenvFile[]>();

  constructor(private readonly workspaceRoot: string) {}

  /** `folder` is absolute; nearest files first. */
  upwards(folder: string): DotenvFile[] {
    const own = this.in(folder);
    const isTop = folder === this.workspaceRoot || dirname(folder) === folder;
    return isTop ? own : [...own, ...this.upwards(dirname(folder))];
  }

  private in(folder: string): DotenvFile[] {
    const known = this.known.get(folder);
    if (known) return known;
    const files = envFileNames(folder).flatMap((name) => readFile(join(folder, name)));
    this.known.set(folder, files);
    return files;
  }
}

function readFile(file: string): DotenvFile[] {
  try {
    return [{ file, values: parse(readFileSync(file)) }];
  } catch {
    return [];
  }
}
