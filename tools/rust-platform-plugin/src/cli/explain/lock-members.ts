import { posix } from 'node:path';
import type { LockMember } from '../../cargo/lock/lock-hashes';
import type { KeyRecord } from '../../results/key-record';

const NAME = /^(.+) \[package\] name$/;
const DEPENDENCY = /^(.+) \[(?:target\..+\.)?(dev-|build-)?dependencies\] (.+)$/;

export interface RecordedMember extends LockMember {
  folder: string;
}

/**
 * The crates of the workspace as they were in that run, with what only their tests are linked with: by the manifests that
 * the record holds, which may be others by now.
 */
export function lockMembers(record: KeyRecord): RecordedMember[] {
  const names = new Map<string, string>();
  const declared = new Map<string, { dev: Set<string>; other: Set<string> }>();
  for (const { group, name, value } of Object.values(record.parts).flat()) {
    if (group !== 'manifest') continue;
    const [, ofName] = NAME.exec(name) ?? [];
    if (ofName !== undefined) names.set(ofName, String(parsed(value)));
    const [, file = '', kind, key] = DEPENDENCY.exec(name) ?? [];
    if (key === undefined) continue;
    const entry = declared.get(file) ?? { dev: new Set(), other: new Set() };
    declared.set(file, entry);
    entry[kind === 'dev-' ? 'dev' : 'other'].add(packageOf(key, value));
  }
  return [...names].map(([file, name]) => {
    const { dev = new Set<string>(), other = new Set<string>() } = declared.get(file) ?? {};
    return { name, folder: posix.dirname(file), devOnly: new Set([...dev].filter((one) => !other.has(one))) };
  });
}

/** A dependency may be declared under another name than that of its package. */
function packageOf(key: string, value: string): string {
  const table = parsed(value);
  const isRenamed = typeof table === 'object' && table !== null && 'package' in table;
  return isRenamed ? String(table.package) : key;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
