import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../../process/process-identity';

/** Owner of a temporary database, as far as its name tells. */
export interface NamedOwner {
  pid: number;
  start: string;
  host: string;
}

const CLONE = /^rp_test_(\d+)_([0-9a-f]{6})_([0-9a-f]{6})_/;
const SERVICE_LENGTH = 20;

/** `rp_test_<pid>_<start>_<host>_<service>_<random>`: within PostgreSQL's 63 bytes, and whoever reads it can judge the owner. */
export function testDatabaseName(owner: ProcessIdentity, service: string): string {
  const { pid, start, host } = namedOwner(owner);
  return `rp_test_${pid}_${start}_${host}_${safe(service).slice(0, SERVICE_LENGTH)}_${randomBytes(3).toString('hex')}`;
}

/** `rp_test_tpl_<service>_<its hash>_<hash>`; the last one stands for the migrations and the server they ran on. */
export function templateName(service: string, hash: string): string {
  return `${templatePrefix(service)}${hash.slice(0, 16)}`;
}

export function isTemplateOf(service: string, name: string): boolean {
  const prefix = templatePrefix(service);
  return name.startsWith(prefix) && /^[0-9a-f]{16}$/.test(name.slice(prefix.length));
}

/** `undefined`: not a name of ours, or a template, which has no owner. */
export function parseOwner(name: string): NamedOwner | undefined {
  const match = CLONE.exec(name);
  return match ? { pid: Number(match[1]), start: match[2] ?? '', host: match[3] ?? '' } : undefined;
}

export function namedOwner({ pid, startTime }: ProcessIdentity): NamedOwner {
  return { pid, start: digest(startTime), host: thisHost() };
}

/** Pids mean something only on the same machine and in the same pid namespace (containers). */
export function thisHost(): string {
  return digest(`${hostname()} ${pidNamespace()}`);
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** Common to all templates of a service, and of no other one: long names may begin alike, and `a-b` is not `a_b`. */
export function templatePrefix(service: string): string {
  return `rp_test_tpl_${safe(service).slice(0, SERVICE_LENGTH)}_${digest(service)}_`;
}

function safe(service: string): string {
  return service.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
