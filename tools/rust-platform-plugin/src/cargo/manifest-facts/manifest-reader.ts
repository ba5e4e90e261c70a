import { parseManifest, type Manifest } from '../manifest';
import { governingWorkspace, type ManifestIndex } from '../workspace-members';
import { ancestorFolders } from '../ancestor-folders';
import { absolutePath, repositoryPath } from './repository-path';

/** Files of a repository as they are on disk, in a git revision, or anywhere else. */
export interface FileSource {
  /** Path relative to the repository root, `/`-separated; it may lead out of it. `undefined`: no such file. */
  read(path: string): string | undefined;
}

/** Reads and parses each manifest once. Folders are the made-up ones of `repository-path.ts`. */
export class ManifestReader {
  private readonly known = new Map<string, Manifest | undefined>();

  constructor(private readonly source: FileSource) {}

  at(folder: string): Manifest | undefined {
    if (this.known.has(folder)) return this.known.get(folder);
    const file = `${folder}/Cargo.toml`;
    const text = this.source.read(repositoryPath(file));
    const manifest = text === undefined ? undefined : parseManifest(file, text);
    this.known.set(folder, manifest);
    return manifest;
  }

  /** The root that a package inherits from: itself, where no other manifest claims it. */
  rootOf(manifest: Manifest): Manifest {
    if (manifest.isWorkspace) return manifest;
    return governingWorkspace(manifest, this.around(manifest)) ?? manifest;
  }

  private around({ folder, toml }: Manifest): ManifestIndex {
    const pointer = (toml?.['package'] as { workspace?: unknown } | undefined)?.workspace;
    const folders = [
      ...ancestorFolders(folder),
      ...(typeof pointer === 'string' ? [absolutePath(`${repositoryPath(folder)}/${pointer}`)] : []),
    ];
    const found = folders.map((place) => this.at(place));
    return new Map(found.flatMap((one) => (one ? [[one.folder, one] as const] : [])));
  }
}
