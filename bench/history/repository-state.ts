import type { CargoFiles, CargoTrees } from './cargo-trees';
import type { ObjectReader } from './object-reader';

/** The Cargo files of a repository at one commit. */
export interface RepositoryState {
  /** The same for states whose Cargo files are the same. */
  signature: string;
  manifests: string[];
  read(path: string): string | undefined;
  /** Blob of a file, for what is kept by content. */
  blob(path: string): string | undefined;
}

/** Reads states; each blob once. */
export class StateReader {
  private readonly texts = new Map<string, string | undefined>();

  constructor(
    private readonly reader: ObjectReader,
    private readonly trees: CargoTrees,
  ) {}

  async stateOf(tree: string): Promise<RepositoryState> {
    const files = await this.trees.filesOf(tree);
    await Promise.all([...files.values()].map((blob) => this.load(blob)));
    return {
      signature: JSON.stringify([...files].sort()),
      manifests: manifestsOf(files),
      read: (path) => this.texts.get(files.get(path) ?? ''),
      blob: (path) => files.get(path),
    };
  }

  private async load(blob: string): Promise<void> {
    if (this.texts.has(blob)) return;
    this.texts.set(blob, undefined);
    this.texts.set(blob, (await this.reader.read(blob))?.content.toString('utf8'));
  }
}

function manifestsOf(files: CargoFiles): string[] {
  return [...files.keys()].filter((path) => /(^|\/)Cargo\.toml$/.test(path)).sort();
}
