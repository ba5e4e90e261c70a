import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pluginVersion } from '../plugin-version';
import { readDataFile, workspaceDataFile, writeDataFile } from '../workspace-data';
import { compileTimeReads } from './compile-time-reads';
import type { FunctionReads } from './function-reads';
import { crateManifest, type CrateManifest } from './crate-manifest';
import { onDisk } from './disk-path';
import { rustReferences, type SourceReferences } from './rust-references';
import { tryStat } from './try-stat';

interface Entry {
  /** Size, times and inode: every write changes one of them, the time of change cannot be set back. */
  stamp: string;
  sha: string;
  /** Only of Rust sources that refer to something. */
  references?: SourceReferences;
  /** Only of Rust sources that run while others compile. */
  reads?: FunctionReads[];
  /** Only of a Cargo.toml. */
  manifest?: CrateManifest;
}

interface Stored {
  version: string;
  entries: Record<string, Entry>;
}

/** The number grows when the same source gives other references: a linked plugin keeps its version. */
const VERSION = `${pluginVersion()} 6`;

/** Of a file that refers to nothing; always this object. */
export const NO_REFERENCES: SourceReferences = {};

/** Content hash and references of files, kept by their stamp, so that a run reads only what has changed. */
export class ScanCache {
  private readonly known: Record<string, Entry>;
  private readonly used: Record<string, Entry> = {};
  /** File → why it could not be read. */
  private readonly unreadable = new Map<string, string>();
  private changed = false;

  private constructor(private readonly file: string) {
    const stored = readDataFile(file, isStored);
    this.known = stored?.version === VERSION ? stored.entries : {};
  }

  static open(workspaceRoot: string, env: NodeJS.ProcessEnv): ScanCache {
    return new ScanCache(workspaceDataFile(workspaceRoot, 'scan', env));
  }

  /** `missing` when there is no such file, `unreadable` when it cannot be read: `problem` says why. */
  hash(file: string): string {
    const entry = this.entry(file);
    return entry?.sha ?? (this.unreadable.has(file) ? 'unreadable' : 'missing');
  }

  /** e.g. `EACCES`, of a file that is there. */
  problem(file: string): string | undefined {
    return this.unreadable.get(file);
  }

  references(file: string): SourceReferences {
    return this.entry(file)?.references ?? NO_REFERENCES;
  }

  /** Of a source that runs while others compile. */
  reads(file: string): FunctionReads[] {
    return this.more(file, 'reads', compileTimeReads) ?? [];
  }

  /** Of a Cargo.toml; without one, that of a crate that has nothing special. */
  manifest(file: string): CrateManifest {
    return this.more(file, 'manifest', crateManifest) ?? crateManifest('');
  }

  /** Forgets files that nobody asked for, and writes only when something is new. */
  save(): void {
    const forgotten = Object.keys(this.known).length !== Object.keys(this.used).length;
    if (this.changed || forgotten) writeDataFile(this.file, { version: VERSION, entries: this.used });
  }

  private more<Key extends 'reads' | 'manifest'>(
    file: string,
    key: Key,
    read: (text: string) => NonNullable<Entry[Key]>,
  ): Entry[Key] {
    const entry = this.entry(file);
    if (!entry || entry[key]) return entry?.[key];
    try {
      entry[key] = read(readFileSync(onDisk(file), 'utf8'));
      this.changed = true;
    } catch (error) {
      this.unreadable.set(file, codeOf(error));
    }
    return entry[key];
  }

  private entry(file: string): Entry | undefined {
    const earlier = this.used[file];
    if (earlier || this.unreadable.has(file)) return earlier;
    const stamp = stampOf(file);
    if (stamp === undefined) return undefined;
    const kept = this.known[file];
    const entry = kept?.stamp === stamp ? kept : this.read(file, stamp);
    if (entry !== kept) this.changed = true;
    if (entry) this.used[file] = entry;
    return entry;
  }

  private read(file: string, stamp: string): Entry | undefined {
    try {
      const content = readFileSync(onDisk(file));
      const sha = createHash('sha256').update(content).digest('base64url');
      if (!file.endsWith('.rs')) return { stamp, sha };
      const references = rustReferences(content.toString('utf8'));
      return Object.keys(references).length > 0 ? { stamp, sha, references } : { stamp, sha };
    } catch (error) {
      this.unreadable.set(file, codeOf(error));
      return undefined;
    }
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
}

function stampOf(file: string): string | undefined {
  const found = tryStat(file);
  if (!found?.isFile()) return undefined;
  return `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}`;
}

function isStored(value: unknown): value is Stored {
  const stored = value as Stored | null;
  return typeof stored?.version === 'string' && typeof stored.entries === 'object';
}
