import type { AcceptedAdvisory, Advisory, AdvisoryDatabase, LockAudit } from './audit-types';

const STALE_AFTER_DAYS = 30;
const DAY_MS = 86_400_000;

export interface CrateFinding extends Advisory {
  /** e.g. [`links`, `chrono`, `time`]; empty when the lock does not have the crate. */
  way: string[];
}

/** What the audit of the lock file means for one crate. */
export type CrateVerdict =
  | { state: 'not-checked'; reason: string; fix: string[] }
  | {
      state: 'clean' | 'findings' | 'stale';
      database: AdvisoryDatabase;
      /** Undefined when the database does not say. */
      ageDays: number | undefined;
      packages: number;
      findings: CrateFinding[];
      notes: string[];
    };

export interface LockedVersion {
  name: string;
  version: string;
}

export interface JudgeRequest {
  audit: LockAudit;
  /** All packages of the lock. */
  packages: number;
  /** Those that the crate reaches, with the way to each; undefined when the lock does not have the crate. */
  closure: ReadonlyMap<LockedVersion, string[]> | undefined;
  packageName: string;
  accepted: readonly AcceptedAdvisory[];
  now: Date;
}

/** Pure. Vulnerabilities fail; unmaintained, unsound and yanked crates are notes. */
export function judgeCrate(request: JudgeRequest): CrateVerdict {
  const { audit, packages, closure, packageName, accepted, now } = request;
  if (audit.state === 'not-checked') return audit;
  const found = audit.advisories.flatMap((advisory): CrateFinding[] => {
    if (!closure) return [{ ...advisory, way: [] }];
    const hit = [...closure].find(
      ([{ name, version }]) => name === advisory.package && version === advisory.version,
    );
    return hit ? [{ ...advisory, way: hit[1] }] : [];
  });
  const vulnerabilities = found.filter(({ kind }) => kind === 'vulnerability');
  const acceptance = acceptedUntilNow(vulnerabilities, accepted, now);
  const ageDays = ageOf(audit.database, now);
  const isStale = ageDays === undefined || ageDays > STALE_AFTER_DAYS;
  return {
    state: acceptance.open.length > 0 ? 'findings' : isStale ? 'stale' : 'clean',
    database: audit.database,
    ageDays,
    packages: closure?.size ?? packages,
    findings: acceptance.open,
    notes: [
      ...acceptance.notes,
      ...(isStale ? [staleNote(ageDays)] : []),
      ...(closure
        ? []
        : [`Cargo.lock does not have ${packageName}: the findings of the whole lock file are shown`]),
      ...found
        .filter(({ kind }) => kind !== 'vulnerability')
        .map((advisory) => `${advisory.kind}: ${line(advisory)}`),
      ...audit.notes,
    ],
  };
}

/** `RUSTSEC-2020-0071 in time 0.1.43: title (fixed in >=0.2.23; links > time)`. */
export function line({ id, package: name, version, title, patched, way }: CrateFinding): string {
  const fixed = patched.length > 0 ? `fixed in ${patched.join(' or ')}` : 'no fixed version';
  return `${id} in ${name} ${version}: ${title} (${[fixed, way.join(' > ')].filter(Boolean).join('; ')})`;
}

function acceptedUntilNow(
  findings: CrateFinding[],
  accepted: readonly AcceptedAdvisory[],
  now: Date,
): { open: CrateFinding[]; notes: string[] } {
  const today = now.toISOString().slice(0, 10);
  const notes: string[] = [];
  const open = findings.filter((finding) => {
    const entry = accepted.find(({ id }) => id === finding.id || finding.aliases.includes(id));
    if (!entry) return true;
    const isExpired = entry.expires < today;
    notes.push(
      isExpired
        ? `${entry.id} was accepted until ${entry.expires} (${entry.reason}): it is a finding again`
        : `${entry.id} in ${finding.package} ${finding.version} is accepted until ${entry.expires}: ${entry.reason}`,
    );
    return isExpired;
  });
  return { open, notes };
}

function ageOf({ committedAt }: AdvisoryDatabase, now: Date): number | undefined {
  if (committedAt === undefined) return undefined;
  return Math.max(0, Math.floor((now.getTime() - Date.parse(committedAt)) / DAY_MS));
}

function staleNote(ageDays: number | undefined): string {
  if (ageDays === undefined) return 'stale: the advisory database does not say how old it is';
  return `stale: the advisory database is ${ageDays} days old`;
}
