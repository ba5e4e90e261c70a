import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ancestorFolders } from '../ancestor-folders';
import { isCache } from '../list-manifests';
import { isBelow } from '../workspace-members';
import { showPath } from './disk-path';
import { filesBelow } from './files-below';
import type { ScanCache } from './scan-cache';
import { tryStat } from './try-stat';
import type { UnsettledInput } from './unsettled-input';

/** Of git, npm and Nx. */
const NO_SOURCES = new Set(['.git', 'node_modules', '.nx']);
/** More than that is no fixture: the folder is then a dependency that nobody can check in time. */
const MOST_FILES = 20_000;

export interface ContentRequest {
  /** Folder of the crate, absolute. */
  root: string;
  /** Root of the repository: a search upwards ends here. */
  repository: string;
  cache: ScanCache;
  /** What the build script writes: no input, whether it is there already or not. */
  isMade: (place: string) => boolean;
}

/** The files that a crate depends on, and why they are not all. */
export class CrateContent {
  /** Absolute path → content hash; `missing` for a file that something asks for. */
  readonly files: Record<string, string> = {};
  /** Of them, those that only tests, benches and examples name. */
  readonly testOnly = new Set<string>();
  readonly unsettled = new Map<string, UnsettledInput>();
  /** Whether what is found now is named by tests only. */
  inTests = false;

  constructor(private readonly request: ContentRequest) {}

  /** Rust sources are handed back, since they may name more. True when something is there. */
  add(place: string, onSource: (file: string) => void): boolean {
    const found = tryStat(place);
    if (!found || isOutput(place)) return false;
    if (found.isFile()) {
      if (place.endsWith('.rs') && !this.request.isMade(place)) onSource(place);
      else this.file(place);
      return true;
    }
    // A folder above the crate is no input, only a step on the way to one.
    if (!found.isDirectory() || isBelow(this.request.root, place)) return false;
    this.folder(place);
    return true;
  }

  /** What `work` finds is named by tests only. */
  asTests(work: () => void): void {
    const before = this.inTests;
    this.inTests = true;
    work();
    this.inTests = before;
  }

  file(place: string): void {
    if (this.request.isMade(place)) return;
    const isNew = !(place in this.files);
    this.files[place] = this.request.cache.hash(place);
    if (!this.inTests) this.testOnly.delete(place);
    else if (isNew) this.testOnly.add(place);
    const problem = this.request.cache.problem(place);
    if (problem !== undefined) this.reason(place, `cannot be read (${problem})`, { observable: false });
  }

  /** Something asks for it, and nothing is there. */
  missing(place: string): void {
    if (!(place in this.files)) this.file(place);
  }

  reason(place: string, what: string, more: Pick<UnsettledInput, 'observable' | 'whileSet'>): void {
    const file = this.show(place);
    const reason = `${file}${what.startsWith(':') ? '' : ' '}${what}`;
    const known = this.unsettled.get(reason);
    this.unsettled.set(reason, { reason, file, inTests: this.inTests && (known?.inTests ?? true), ...more });
  }

  noPath(place: string, what: string): void {
    this.reason(place, `: ${what} names no path that can be read off`, { observable: true });
  }

  readonly onUnreadable = (folder: string, why: string): void => {
    this.reason(folder, `cannot be read (${why})`, { observable: false });
  };

  /** The folders that a path may be relative to: the crate, and with `climbs` all above it. */
  bases(climbs: boolean): string[] {
    const { root, repository } = this.request;
    const above = climbs
      ? ancestorFolders(dirname(root)).filter((folder) => isBelow(folder, repository))
      : [];
    return [root, ...above];
  }

  show(place: string): string {
    return showPath(relative(this.request.repository, place).split(sep).join('/')) || '.';
  }

  private folder(place: string): void {
    const files = filesBelow(place, { most: MOST_FILES, onUnreadable: this.onUnreadable });
    if (files === undefined) this.reason(place, `holds more than ${MOST_FILES} files`, { observable: false });
    else for (const file of files) this.file(file);
  }
}

/** An absolute path stays one; `base` otherwise. */
export function placeOf(base: string, path: string, isFromManifest: boolean): string {
  return isFromManifest ? join(base, path) : resolve(base, path);
}

/** What cargo or git wrote is no source. */
function isOutput(place: string): boolean {
  return ancestorFolders(place).some(
    (folder) => NO_SOURCES.has(basename(folder)) || (basename(folder) === 'target' && isCache(folder)),
  );
}
