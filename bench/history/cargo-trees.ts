import type { ObjectReader } from './object-reader';

/** Path → blob of each Cargo.toml and Cargo.lock. */
export type CargoFiles = Map<string, string>;

interface Entry {
  name: string;
  id: string;
  isTree: boolean;
}

/** Finds the Cargo files of trees; a folder that did not change is read once. */
export class CargoTrees {
  private readonly known = new Map<string, CargoFiles>();

  constructor(private readonly reader: ObjectReader) {}

  async filesOf(tree: string): Promise<CargoFiles> {
    const known = this.known.get(tree);
    if (known) return known;
    const entries = parseTree((await this.reader.read(tree))?.content);
    const parts = await Promise.all(entries.map((entry) => this.filesBelow(entry)));
    const files = new Map(parts.flat());
    this.known.set(tree, files);
    return files;
  }

  private async filesBelow({ name, id, isTree }: Entry): Promise<Array<[string, string]>> {
    if (!isTree) return name === 'Cargo.toml' || name === 'Cargo.lock' ? [[name, id]] : [];
    return [...(await this.filesOf(id))].map(([path, blob]) => [`${name}/${path}`, blob]);
  }
}

/** `<mode> <name>\0<20 bytes>`, without gap. */
function parseTree(content: Buffer | undefined): Entry[] {
  const entries: Entry[] = [];
  if (!content) return entries;
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(' ', at);
    const end = content.indexOf(0, space);
    const mode = content.toString('latin1', at, space);
    const id = content.toString('hex', end + 1, end + 21);
    const isTree = mode === '40000';
    if (isTree || mode.startsWith('100')) {
      entries.push({ name: content.toString('utf8', space + 1, end), id, isTree });
    }
    at = end + 21;
  }
  return entries;
}
