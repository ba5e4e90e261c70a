import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Artifact } from './cargo-messages';

interface Place {
  path: string;
  /** What rustc wrote beside it. */
  made: string;
}

export interface FoundDepInfo extends Place {
  text: string;
}

/**
 * Finds the `.d` file that rustc wrote for an artifact. It lies beside what rustc wrote; a binary is named by cargo as the
 * copy (a hard link, mostly) that it puts in place afterwards, whose own `.d` leaves the variables out.
 */
export class DepInfoFiles {
  private readonly folders = new Map<string, Promise<string[]>>();
  /** Where rustc writes to: `deps` folders that the artifacts of a build name, which may lie outside the target directory. */
  private readonly places: string[];

  constructor(artifacts: readonly Artifact[]) {
    const folders = artifacts.flatMap(({ filenames }) => filenames.map((file) => dirname(file)));
    this.places = [...new Set(folders)].filter((folder) => basename(folder) === 'deps');
  }

  async of({ filenames }: Artifact): Promise<FoundDepInfo | undefined> {
    for (const file of [...filenames].reverse()) {
      for (const found of [await this.beside(file), await this.ofFinal(file)]) {
        const text = found && (await readFile(found.path, 'utf8').catch(() => undefined));
        if (found && text !== undefined && isOfRustc(text)) return { ...found, text };
      }
    }
    return undefined;
  }

  /** `libx-1.rmeta` → `x-1.d`; `build-script-build` → `build_script_build-1.d`. */
  private async beside(file: string): Promise<Place | undefined> {
    const folder = dirname(file);
    const names = await this.list(folder);
    const stem = basename(file, extname(file) === '.exe' ? '.exe' : libraryEnding(file));
    const wanted = [stem, stem.replace(/^lib/, ''), stem.replaceAll('-', '_')].map((name) => `${name}.d`);
    const found = wanted.find((name) => names.includes(name)) ?? this.ofScript(stem, names);
    return found === undefined ? undefined : { path: join(folder, found), made: file };
  }

  private ofScript(stem: string, names: string[]): string | undefined {
    const start = `${stem.replaceAll('-', '_')}-`;
    const found = names.filter((name) => name.startsWith(start) && name.endsWith('.d'));
    return found.length === 1 ? found[0] : undefined;
  }

  /** By what is the same file; where cargo had to copy, the newest of that name and size. */
  private async ofFinal(file: string): Promise<Place | undefined> {
    const crate = basename(file, extname(file) === '.exe' ? '.exe' : libraryEnding(file))
      .replace(/^lib/, '')
      .replaceAll('-', '_');
    const candidates = await this.candidates(dirname(file), crate);
    const original = await stat(file).catch(() => undefined);
    const stats = await Promise.all(
      candidates.map(async (candidate) => ({
        candidate,
        is: await stat(candidate.made).catch(() => undefined),
      })),
    );
    const there = stats.filter(({ is }) => is !== undefined);
    const same = there.find(({ is }) => is?.ino === original?.ino && is?.dev === original?.dev);
    const newest = there
      .filter(({ is }) => is?.size === original?.size)
      .sort((a, b) => (b.is?.mtimeMs ?? 0) - (a.is?.mtimeMs ?? 0))[0];
    return (same ?? newest)?.candidate;
  }

  /** In `deps/`, in the folder itself (examples), or in `build/<package>/<hash>/out/` of newer cargos. */
  private async candidates(folder: string, crate: string): Promise<Place[]> {
    const build = join(folder, 'build');
    const isOldLayout = (await this.list(folder)).includes('deps');
    const nested = await Promise.all(
      (isOldLayout ? [] : await this.list(build)).map(async (name) =>
        (await this.list(join(build, name))).map((hash) => join(build, name, hash, 'out')),
      ),
    );
    const folders = [...new Set([join(folder, 'deps'), folder, ...this.places, ...nested.flat()])];
    const found = await Promise.all(
      folders.map(async (place) =>
        (await this.list(place)).filter((name) => isMadeFor(crate, name)).map((name) => join(place, name)),
      ),
    );
    return found.flat().flatMap((path) => {
      const stem = path.slice(0, -2);
      const library = join(dirname(stem), `lib${basename(stem)}`);
      return [
        stem,
        `${stem}.exe`,
        `${library}.so`,
        `${library}.dylib`,
        `${library}.rlib`,
        `${library}.a`,
      ].map((made) => ({ made, path }));
    });
  }

  private list(folder: string): Promise<string[]> {
    const known = this.folders.get(folder) ?? readdir(folder).catch(() => []);
    this.folders.set(folder, known);
    return known;
  }
}

/** It names itself as one of the files that were made; those of cargo do not, and leave the variables out. */
function isOfRustc(text: string): boolean {
  return /\.d:( |\r?$)/m.test(text) || !text.includes(':');
}

function libraryEnding(file: string): string {
  return /^\.(rlib|rmeta|so|dylib|dll|a|lib|wasm)$/.test(extname(file)) ? extname(file) : '';
}

function isMadeFor(crate: string, name: string): boolean {
  return (
    name === `${crate}.d` ||
    (name.startsWith(`${crate}-`) && /^-[0-9a-f]{16}\.d$/.test(name.slice(crate.length)))
  );
}
