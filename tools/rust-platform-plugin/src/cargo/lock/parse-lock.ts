import { lockHasConflicts, lockVersionUnknown, NEWEST_LOCK_VERSION } from './lock-errors';
import type { LockedPackage } from './locked-package';
import { parseTomlLock } from './parse-toml-lock';

export type { LockedPackage } from './locked-package';

const CONFLICT = /^(<{7}|={7}|>{7}|\|{7})(?: |$)/;
const CHECKSUM_KEY = /^"checksum (\S+) (\S+) \((.+)\)"$/;

/**
 * Reads the packages of a Cargo.lock, versions 1 to 4. cargo writes it line by line in one way, which takes a fraction of
 * the time of a TOML parser; what somebody formatted otherwise is left to one. `file` is named in errors.
 */
export function parseLock(text: string, file = 'Cargo.lock'): LockedPackage[] {
  return new LockReader(text.split('\n'), file).read() ?? parseTomlLock(text, file);
}

class LockReader {
  private readonly packages: LockedPackage[] = [];
  private readonly checksums = new Map<string, string>();
  private table: 'top' | 'package' | 'metadata' | 'other' = 'top';
  private list: string[] | undefined;

  constructor(
    private readonly lines: string[],
    private readonly file: string,
  ) {}

  /** `undefined`: not as cargo writes it. */
  read(): LockedPackage[] | undefined {
    for (const [index, raw] of this.lines.entries()) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line === '' || line.startsWith('#')) continue;
      if (CONFLICT.test(line)) throw lockHasConflicts(this.file, index + 1);
      if (!this.line(line, index + 1)) return undefined;
    }
    if (this.list || this.packages.some(({ name, version }) => !name || !version)) return undefined;
    this.fillChecksums();
    return this.packages;
  }

  private line(line: string, number: number): boolean {
    if (this.list) return this.item(line, this.list);
    if (line.startsWith('[')) return this.header(line, number);
    const at = line.indexOf(' = ');
    if (at === -1) return false;
    return this.entry(line.slice(0, at), line.slice(at + 3), number);
  }

  private header(line: string, number: number): boolean {
    if (line === '[[package]]') {
      const none = { source: undefined, checksum: undefined, replace: undefined };
      this.packages.push({ name: '', version: '', dependencies: [], line: number, ...none });
    }
    const tables = {
      '[[package]]': 'package',
      '[metadata]': 'metadata',
      '[[patch.unused]]': 'other',
    } as const;
    const table = tables[line as keyof typeof tables];
    if (table) this.table = table;
    return table !== undefined;
  }

  private item(line: string, list: string[]): boolean {
    if (line === ']') this.list = undefined;
    else {
      const text = plainText(line.trim().replace(/,$/, ''));
      if (text === undefined) return false;
      list.push(text);
    }
    return true;
  }

  private entry(key: string, written: string, number: number): boolean {
    if (this.table === 'top') return this.version(key, written, number);
    const current = this.packages.at(-1);
    if (written === '[') {
      this.list = this.table === 'package' && key === 'dependencies' && current ? current.dependencies : [];
      return true;
    }
    const value = plainText(written);
    if (value === undefined) return false;
    if (this.table === 'metadata') this.checksums.set(key, value);
    if (this.table === 'package' && current) setField(current, key, value);
    return true;
  }

  private version(key: string, written: string, number: number): boolean {
    if (key !== 'version' || !/^\d+$/.test(written)) return false;
    if (Number(written) > NEWEST_LOCK_VERSION) throw lockVersionUnknown(this.file, number, written);
    return true;
  }

  /** Version 1 keeps them apart from the packages. */
  private fillChecksums(): void {
    if (this.checksums.size === 0) return;
    const byPackage = new Map(
      [...this.checksums].map(([key, sum]) => [(CHECKSUM_KEY.exec(key) ?? []).slice(1).join(' '), sum]),
    );
    for (const one of this.packages) {
      one.checksum ??= byPackage.get(`${one.name} ${one.version} ${one.source}`);
    }
  }
}

function setField(found: LockedPackage, key: string, value: string): void {
  if (key === 'name' || key === 'version' || key === 'source' || key === 'checksum' || key === 'replace') {
    found[key] = value;
  }
}

/** Nothing that cargo writes into a lock needs an escape. */
function plainText(written: string): string | undefined {
  if (written.length < 2 || !written.startsWith('"') || !written.endsWith('"')) return undefined;
  const text = written.slice(1, -1);
  return text.includes('\\') || text.includes('"') ? undefined : text;
}
