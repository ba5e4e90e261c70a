import { isBelow } from '../workspace-members';
import { placeOf, type CrateContent } from './crate-content';
import type { CrateFolder } from './crate-folder';
import type { ScanRequest } from './crate-scan';
import type { SourceReferences } from './source-references';

interface Context {
  request: Pick<ScanRequest, 'root' | 'sourceFolders' | 'isService'>;
  folder: CrateFolder;
  content: CrateContent;
  /** Files of the crate that git or Nx ignores. */
  ignored: ReadonlySet<string>;
  /** Each of the places that is there counts. */
  take: (places: string[]) => void;
}

/** Texts of sources that may name something which does not count by itself: it counts where it is there. */
export class NamedPlaces {
  /** Texts that many sources hold: routes, endings of names. */
  private readonly asked = new Set<string>();

  constructor(private readonly context: Context) {}

  follow(found: SourceReferences): void {
    const { request, content, ignored } = this.context;
    const isElsewhere = found.climbs === true || request.sourceFolders !== undefined;
    for (const path of found.texts ?? []) {
      if (isElsewhere) this.elsewhere(path, found);
      if (ignored.size > 0) this.ignoredPlace(path);
    }
    for (const path of found.uncounted ?? []) this.named(path);
    content.asTests(() => {
      for (const path of found.uncountedInTests ?? []) this.named(path);
      if (isElsewhere) for (const path of found.words ?? []) this.elsewhere(path, found);
    });
  }

  private named(path: string): void {
    const { request, content, take } = this.context;
    const key = `${content.inTests} ${path}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    // A route is called like the folder of its tests.
    if (request.isService && /^[./]*(api|bench)\/*$/.test(path)) return;
    take([placeOf(request.root, path, true)]);
  }

  private ignoredPlace(path: string): void {
    const { request, content, ignored } = this.context;
    const place = placeOf(request.root, path, true).replace(/\/+$/, '');
    for (const file of ignored) if (isBelow(file, place)) content.file(file);
  }

  /** A text that may be a path above the crate; what lies in it counts by itself. */
  private elsewhere(path: string, { climbs }: SourceReferences): void {
    const { folder, content, take } = this.context;
    const places = content.bases(climbs ?? false).map((base) => placeOf(base, path, true));
    take(places.filter((place) => !folder.isOwn(place)));
  }
}
