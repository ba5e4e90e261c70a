import { relative, sep } from 'node:path';
import { isBelow } from '../workspace-members';
import type { ScanRequest } from './crate-scan';
import { ownFile } from './own-files';

/** What of a crate's folder counts by itself. */
export class CrateFolder {
  /** Places that its build script writes to, absolute. */
  made: string[] = [];

  constructor(
    private readonly request: Pick<ScanRequest, 'root' | 'repository' | 'ignored' | 'sourceFolders'>,
  ) {}

  /** Counts because it lies there, whoever names it. */
  isOwn(place: string): boolean {
    const { root, sourceFolders } = this.request;
    const path = relative(root, place).split(sep).join('/');
    return (
      isBelow(place, root) &&
      ownFile(path, { root: sourceFolders ? '.' : '' }) !== undefined &&
      !this.isIgnored(place)
    );
  }

  /** What a build script writes into the folder, and git ignores, follows from the rest. */
  isMade(place: string): boolean {
    return this.made.some((folder) => isBelow(place, folder)) && this.isIgnored(place);
  }

  isIgnored(place: string): boolean {
    const { repository, ignored } = this.request;
    return ignored?.ignores(relative(repository, place).split(sep).join('/')) ?? false;
  }
}
