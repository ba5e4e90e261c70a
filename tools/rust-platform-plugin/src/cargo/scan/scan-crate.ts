import { dirname, join } from 'node:path';
import {
  compileTimeSources,
  isTestSource,
  madePlaces,
  modulesOf,
  type CompileTimeSources,
} from './compile-time-sources';
import { CrateContent, placeOf } from './crate-content';
import { CrateFolder } from './crate-folder';
import type { CrateScan, ScanRequest } from './crate-scan';
import { filesBelow } from './files-below';
import { followIncludes } from './follow-includes';
import { FoundVariables } from './found-variables';
import { judgeSource } from './judge-source';
import type { CompileTimeRole } from './judge-reads';
import { databaseVariable, macroSettings } from './macro-settings';
import { NamedPlaces } from './named-places';
import { packageFiles } from './package-files';
import { isVariableName } from './reads-any-environment';
import type { PathReference, SourceReferences } from './rust-references';
import { NO_REFERENCES } from './scan-cache';

export type { CrateScan, ScanRequest } from './crate-scan';

/** Reads the Rust sources of a crate and follows what they include. */
export function scanCrate(request: ScanRequest): CrateScan {
  return new CrateScanner(request).scan();
}

class CrateScanner {
  private readonly content: CrateContent;
  private readonly variables = new FoundVariables();
  private readonly files: string[];
  private readonly own: ReadonlySet<string>;
  private readonly ignored: ReadonlySet<string>;
  private readonly sources: string[];
  private readonly compileTime: CompileTimeSources;
  private readonly folder: CrateFolder;
  private readonly programs = new Set<string>();
  private readonly notes = new Set<string>();
  private readonly flags = {
    anyEnv: false,
    bakesPath: false,
    namesManifestDirectory: false,
    queries: false,
    cargoLints: false,
    git: false,
    cCompiler: false,
    readsUntracked: false,
  };
  private readonly queue: string[] = [];
  private readonly named: NamedPlaces;
  private readonly done = new Set<string>();

  constructor(private readonly request: ScanRequest) {
    const { root, cache } = request;
    this.folder = new CrateFolder(request);
    this.content = new CrateContent({ ...request, isMade: (place) => this.folder.isMade(place) });
    this.files = this.ownFiles();
    this.own = new Set(this.files);
    this.ignored = new Set(this.files.filter((file) => !file.endsWith('.rs') && this.folder.isIgnored(file)));
    const sources = [...this.files.filter((file) => file.endsWith('.rs')), ...request.targetSources];
    this.compileTime = compileTimeSources({ ...request, sources, role: request.role });
    this.folder.made = madePlaces(root, this.compileTime, cache);
    const { folder, content, ignored } = this;
    this.named = new NamedPlaces({ request, folder, content, ignored, take: (found) => this.any(found) });
    this.sources = sources.filter((file) => !this.folder.isMade(file));
  }

  scan(): CrateScan {
    const { root, cache } = this.request;
    const ofTests = this.sources.filter((file) => isTestSource(file, root));
    const tests = new Set(ofTests);
    this.queue.push(...this.sources.filter((file) => !tests.has(file)), ...this.compileTime.keys());
    this.settings();
    for (const file of packageFiles(this.request, this.compileTime)) this.any([file]);
    this.readAll();
    followIncludes([...this.done], cache, root, this.content);
    this.content.inTests = true;
    this.queue.push(...ofTests);
    this.readAll();
    if (ofTests.length > 0) followIncludes([...this.done], cache, root, this.content);
    return this.result();
  }

  private result(): CrateScan {
    return {
      files: this.files,
      ignoredFiles: this.ignored,
      made: this.folder.made,
      content: this.content.files,
      testContent: this.content.testOnly,
      ...this.variables.result(),
      ...this.flags,
      databaseVariable: this.flags.queries ? databaseVariable(this.request.root) : 'DATABASE_URL',
      programs: [...this.programs].sort(),
      unsettled: [...this.content.unsettled.values()].sort((a, b) => (a.reason < b.reason ? -1 : 1)),
      notes: [...this.notes].sort(),
    };
  }

  /** A folder that cannot be listed is a reason; a name that is no UTF-8 counts by its content, which no file set holds. */
  private ownFiles(): string[] {
    const { root, sourceFolders, otherRoots } = this.request;
    const folders = sourceFolders?.map((folder) => join(root, folder)) ?? [root];
    const { onUnreadable } = this.content;
    const files = folders.flatMap(
      (folder) => filesBelow(folder, { skip: otherRoots, top: root, onUnreadable }) ?? [],
    );
    for (const file of files) if (/[\udc80-\udcff]/.test(file)) this.content.file(file);
    return files;
  }

  private readAll(): void {
    for (let file = this.queue.pop(); file !== undefined; file = this.queue.pop()) this.source(file);
  }

  private source(file: string): void {
    if (this.done.has(file)) return;
    this.done.add(file);
    const { cache } = this.request;
    const role = this.compileTime.get(file);
    this.content.file(file);
    const found = cache.references(file);
    // As most files.
    if (found === NO_REFERENCES && role === undefined) return;
    this.asks(found, role);
    for (const reference of found.paths ?? []) this.follow(reference, file, found);
    this.named.follow(found);
    for (const example of found.examples ?? []) this.example(example, file);
    if (role) this.runsWhileOthersCompile(file);
    if (!this.own.has(file)) this.queue.push(...modulesOf(file, cache));
    this.open(found, file);
  }

  private asks(found: SourceReferences, role: CompileTimeRole | undefined): void {
    const { inTests } = this.content;
    // Libraries also run on their own; what they ask for while others compile is told function by function.
    const onlyCompiles = role === 'build-script' || role === 'proc-macro';
    for (const name of found.compileEnv ?? []) this.variables.source(name, inTests);
    for (const name of [...(found.runtimeEnv ?? []), ...(found.names ?? [])]) {
      if (onlyCompiles) this.variables.compile(name, inTests);
      else this.variables.runtime(name);
    }
    if (found.anyEnv && !onlyCompiles) this.flags.anyEnv = true;
    if (found.bakesPath && !inTests) this.flags.bakesPath = true;
    for (const flag of ['namesManifestDirectory', 'queries', 'git', 'cargoLints'] as const)
      if (found[flag]) this.flags[flag] = true;
  }

  private runsWhileOthersCompile(file: string): void {
    const role = this.compileTime.get(file) ?? 'library';
    const judged = judgeSource({ ...this.request, file, role, content: this.content });
    for (const flag of ['git', 'cCompiler', 'readsUntracked'] as const)
      if (judged[flag]) this.flags[flag] = true;
    for (const places of judged.optional) this.any(places);
    for (const places of judged.required) this.required(places);
    if (judged.manifest) this.content.file(join(this.request.root, 'Cargo.toml'));
    for (const name of judged.variables) this.variables.compile(name, false);
    for (const name of judged.programs) this.programs.add(name);
    for (const note of judged.notes) this.notes.add(note);
  }

  private settings(): void {
    const { root } = this.request;
    for (const text of macroSettings(root)) {
      if (isVariableName(text)) this.variables.compile(text, false);
      else this.any([placeOf(root, text, true)]);
    }
  }

  private follow(
    { base, path, required, below }: PathReference,
    file: string,
    found: SourceReferences,
  ): void {
    const bases = base === 'file' ? [dirname(file)] : this.content.bases(found.climbs ?? false);
    const places = bases.map((folder) => placeOf(folder, path, base === 'manifest'));
    if (below === undefined && required) this.required(places);
    else if (!this.any(places) && below !== undefined) this.content.noPath(file, below);
  }

  /** rustdoc compiles and runs it; a path may be relative to the source or to the crate. */
  private example(found: SourceReferences, file: string): void {
    this.content.asTests(() => {
      this.asks(found, undefined);
      const bases = [dirname(file), this.request.root];
      const paths = (found.paths ?? []).filter(({ below }) => below === undefined).map(({ path }) => path);
      for (const path of paths) this.any(bases.map((base) => placeOf(base, path, false)));
      this.named.follow(found);
    });
  }

  private any(places: string[]): boolean {
    return places.filter((place) => this.content.add(place, (source) => this.queue.push(source))).length > 0;
  }

  private required(places: string[]): void {
    if (!this.any(places) && places[0] !== undefined) this.content.missing(places[0]);
  }

  private open({ unresolved = [], fromVariables = [] }: SourceReferences, file: string): void {
    for (const what of unresolved) this.content.noPath(file, what);
    for (const { what, name } of fromVariables)
      this.content.reason(file, `: ${what} reads what ${name} names`, { observable: true, whileSet: name });
  }
}
