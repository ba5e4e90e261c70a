import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ancestorFolders } from '../../cargo/ancestor-folders';
import { envFileNames, expandDotenv } from '../../service-model/read-dotenv';

/** One `.env` file that Nx may load into a task, or that sqlx reads while it compiles. */
export interface DotenvFile {
  file: string;
  values: Record<string, string>;
}

/**
 * All `.env` files from a crate up to the root of the repository, `${…}` filled from the files above and from the
 * environment: a value may change although no file does. Keeps what it has read.
 */
export class DotenvReader {
  private readonly known = new Map<string, DotenvFile[]>();

  constructor(
    private readonly workspaceRoot: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `folder` is absolute; nearest files first. */
  upwards(folder: string): DotenvFile[] {
    const known = this.known.get(folder);
    if (known) return known;
    const isTop = folder === this.workspaceRoot || dirname(folder) === folder;
    const above = isTop ? [] : this.upwards(dirname(folder));
    const files = [...this.in(folder, above), ...above];
    this.known.set(folder, files);
    return files;
  }

  /** The same, and the `.env` files of the folders above the repository: sqlx goes up to the root of the disk. */
  ancestors(folder: string): DotenvFile[] {
    const inside = this.upwards(folder);
    const inherited = inheritedFrom(inside);
    return [
      ...inside,
      ...ancestorFolders(this.workspaceRoot)
        .slice(1)
        .flatMap((above) => {
          const file = join(above, '.env');
          const values = readFile(file, { ...inherited, ...this.env });
          return values ? [{ file, values }] : [];
        }),
    ];
  }

  private in(folder: string, above: DotenvFile[]): DotenvFile[] {
    const inherited = inheritedFrom(above);
    const files: DotenvFile[] = [];
    // `.env` comes first, and those with a longer name may refer to it.
    for (const name of envFileNames(folder)) {
      const file = join(folder, name);
      const values = readFile(file, { ...inherited, ...this.env });
      Object.assign(inherited, values);
      if (values) files.push({ file, values });
    }
    return files;
  }
}

/** Nearest first: those win. */
function inheritedFrom(files: readonly DotenvFile[]): Record<string, string> {
  return Object.assign({}, ...[...files].reverse().map(({ values }) => values));
}

function readFile(file: string, env: NodeJS.ProcessEnv): Record<string, string> | undefined {
  try {
    return expandDotenv(readFileSync(file, 'utf8'), env);
  } catch {
    return undefined;
  }
}
