import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pluginVersion } from '../plugin-version';
import { readDataFile, workspaceDataFile, writeDataFile } from '../workspace-data';
import { rustReferences, type SourceReferences } from './rust-references';
import { tryStat } from './try-stat';

interface Entry {
  /** Size, times and inode: every write changes one of them, the time of change cannot be set back. */
  stamp: string;
  sha: string;
  /** Only of Rust sources that refer to something. */
  references?: SourceReferences;
}

interface Stored {
  version: string;
  entries: Record<string, Entry>;
}

/** The number grows when the same source gives other references: a linked plugin keeps its version. */
const VERSION = `${pluginVersion()} 2`;

/** Content hash and references of files, kept by their stamp, so that a run reads only what has changed. */
export class ScanCache {
  private readonly known: Record<string, Entry>;
  private readonly used: Record<string, Entry> = {};
  private changed = false;

  private constructor(private readonly file: string) {
    const stored = readDataFile(file, isStored);
    this.known = stored?.version === VERSION ? stored.entries : {};
  }

  static open(workspaceRoot: string, env: NodeJS.ProcessEnv): ScanCache {
    return new ScanCache(workspaceDataFile(workspaceRoot, 'scan', env));
  }

  /** `missing` when there is no such file. */
  hash(file: string): string {
    return this.entry(file)?.sha ?? 'missing';
  }

  references(file: string): SourceReferences {
    return this.entry(file)?.references ?? {};
  }

  /** Forgets files that nobody asked for, and writes only when something is new. */
  save(): void {
    const forgotten = Object.keys(this.known).length !== Object.keys(this.used).length;
    if (this.changed || forgotten) writeDataFile(this.file, { version: VERSION, entries: this.used });
  }

  private entry(file: string): Entry | undefined {
    const earlier = this.used[file];
    if (earlier) return earlier;
    const stamp = stampOf(file);
    if (stamp === undefined) return undefined;
    const kept = this.known[file];
    const entry = kept?.stamp === stamp ? kept : readEntry(file, stamp);
    if (entry !== kept) this.changed = true;
    if (entry) this.used[file] = entry;
    return entry;
  }
}

function readEntry(file: string, stamp: string): Entry | undefined {
  try {
    const content = readFileSync(file);
    const sha = createHash('sha256').update(content).digest('base64url');
    if (!file.endsWith('.rs')) return { stamp, sha };
    const references = rustReferences(content.toString('utf8'));
    return Object.keys(references).length > 0 ? { stamp, sha, references } : { stamp, sha };
  } catch {
    return undefined;
  }
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
