import { basename, dirname, join, resolve } from 'node:path';
import { ancestorFolders } from '../ancestor-folders';
import { isCache } from '../list-manifests';
import { isBelow } from '../workspace-members';
import { filesBelow } from './files-below';
import type { PathReference, SourceReferences } from './rust-references';
import type { ScanCache } from './scan-cache';
import { tryStat } from './try-stat';

export interface ScanRequest {
  /** Folder of the crate, absolute. */
  root: string;
  /** Source files of its targets, absolute: they may lie outside the folder. */
  targetSources: readonly string[];
  /** Only these folders of the crate hold its sources (a root package); default: all. */
  sourceFolders?: readonly string[];
  /** Folders of other crates, which are scanned by themselves. */
  otherRoots: ReadonlySet<string>;
  /** Root of the repository: a search upwards ends here. */
  repository: string;
  cache: ScanCache;
}

/** What the results of a crate depend on, as far as its sources tell. */
export interface CrateScan {
  /** Absolute path → content hash; `missing` for a file that something asks for. Own sources are among them. */
  content: Record<string, string>;
  compileEnv: string[];
  runtimeEnv: string[];
  /** It also reads variables whose names its sources do not tell. */
  anyEnv: boolean;
  bakesPath: boolean;
  queries: boolean;
  /** Why the files cannot be told, one sentence each. */
  unresolved: string[];
}

/** More than that is no fixture: the folder is then a dependency that nobody can check in time. */
const MOST_FILES = 5000;

/** Set by cargo itself, from what is hashed anyway. HOST and TARGET only while it compiles. */
const MADE_BY_CARGO = {
  compileEnv: /^(CARGO_|OUT_DIR$|TARGET$|HOST$|PROFILE$|OPT_LEVEL$|NUM_JOBS$)/,
  runtimeEnv: /^(CARGO_|OUT_DIR$)/,
};

/** Reads the Rust sources of a crate and follows what they include. */
export function scanCrate(request: ScanRequest): CrateScan {
  return new CrateScanner(request).scan();
}

class CrateScanner {
  private readonly result: CrateScan = {
    content: {},
    compileEnv: [],
    runtimeEnv: [],
    anyEnv: false,
    bakesPath: false,
    queries: false,
    unresolved: [],
  };
  private readonly queue: string[];
  private readonly done = new Set<string>();

  constructor(private readonly request: ScanRequest) {
    this.queue = [...ownSources(request), ...request.targetSources];
  }

  scan(): CrateScan {
    for (let file = this.queue.pop(); file !== undefined; file = this.queue.pop()) this.source(file);
    this.result.compileEnv.sort();
    this.result.runtimeEnv.sort();
    return this.result;
  }

  private source(file: string): void {
    if (this.done.has(file)) return;
    this.done.add(file);
    const { cache, root } = this.request;
    this.result.content[file] = cache.hash(file);
    const found = cache.references(file);
    for (const name of found.compileEnv ?? []) this.note('compileEnv', name);
    const later = isBuildScript(file) ? 'compileEnv' : 'runtimeEnv';
    for (const name of [...(found.runtimeEnv ?? []), ...(found.names ?? [])]) this.note(later, name);
    // A build script asks for all of CARGO_FEATURE_* that way; of others cargo takes no notice either.
    if (found.anyEnv && !isBuildScript(file)) this.result.anyEnv = true;
    const isProduct =
      isBuildScript(file) || !/[\\/](tests|benches|examples)[\\/]/.test(file.slice(root.length));
    if (found.bakesPath && isProduct) this.result.bakesPath = true;
    if (found.queries) this.result.queries = true;
    for (const reference of found.paths ?? []) this.follow(reference, file, found);
    if (found.climbs || this.request.sourceFolders) {
      for (const path of found.texts ?? [])
        this.follow({ base: 'manifest', path, required: false }, file, found);
    }
    if (!isBelow(file, root)) this.modules(found, file);
    this.unresolved(found, file);
  }

  private note(list: 'compileEnv' | 'runtimeEnv', name: string): void {
    if (MADE_BY_CARGO[list].test(name)) return;
    if (!this.result[list].includes(name)) this.result[list].push(name);
  }

  private follow({ base, path, required }: PathReference, file: string, { climbs }: SourceReferences): void {
    const { root, repository } = this.request;
    const bases = base === 'file' ? [dirname(file)] : [root];
    if (climbs && base === 'manifest') {
      bases.push(...ancestorFolders(dirname(root)).filter((folder) => isBelow(folder, repository)));
    }
    const places = bases.map((folder) => resolve(folder, path.replace(/^\/+/, '')));
    const found = places.filter((place) => this.add(place));
    if (found.length === 0 && required) this.result.content[places[0] ?? path] = 'missing';
  }

  /** True when something is there. A folder above the crate is no input, only a step on the way to one. */
  private add(place: string): boolean {
    const found = tryStat(place);
    if (!found || isOutput(place)) return false;
    if (found.isFile()) {
      if (place.endsWith('.rs')) this.queue.push(place);
      else this.result.content[place] = this.request.cache.hash(place);
      return true;
    }
    if (!found.isDirectory() || isBelow(this.request.root, place)) return false;
    this.folder(place);
    return true;
  }

  private folder(place: string): void {
    const files = filesBelow(place, { most: MOST_FILES });
    if (files === undefined) {
      this.result.unresolved.push(`${place} holds more than ${MOST_FILES} files`);
      return;
    }
    for (const file of files) this.result.content[file] = this.request.cache.hash(file);
  }

  /** A source outside the crate brings the modules that it declares. */
  private modules({ modules = [] }: SourceReferences, file: string): void {
    const folder = dirname(file);
    const own = join(folder, basename(file, '.rs'));
    for (const name of modules) {
      for (const place of [folder, own].flatMap((base) => [
        join(base, `${name}.rs`),
        join(base, name, 'mod.rs'),
      ])) {
        if (tryStat(place)?.isFile()) this.queue.push(place);
      }
    }
  }

  private unresolved({ unresolved = [] }: SourceReferences, file: string): void {
    for (const what of unresolved)
      this.result.unresolved.push(`${file}: ${what} names no path that can be read off`);
  }
}

function ownSources({ root, sourceFolders, otherRoots }: ScanRequest): string[] {
  const folders = sourceFolders?.map((folder) => join(root, folder)) ?? [root];
  return folders.flatMap((folder) =>
    (filesBelow(folder, { skip: otherRoots, top: root }) ?? []).filter((file) => file.endsWith('.rs')),
  );
}

/** What cargo or git wrote is no source. */
function isOutput(place: string): boolean {
  return ancestorFolders(place).some(
    (folder) => basename(folder) === '.git' || (basename(folder) === 'target' && isCache(folder)),
  );
}

function isBuildScript(file: string): boolean {
  return basename(file) === 'build.rs';
}
