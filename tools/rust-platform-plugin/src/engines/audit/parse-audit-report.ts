import type { Advisory } from './audit-types';

export interface AuditReport {
  /** Advisories in the database that was used; 0 means that nothing was checked. */
  advisoryCount: number;
  advisories: Advisory[];
  /** Accepted by a configuration file of cargo-audit, hence missing above. */
  ignored: string[];
}

interface RawReport {
  database?: { 'advisory-count'?: number };
  settings?: { ignore?: string[] };
  vulnerabilities?: { list?: RawFinding[] };
  warnings?: Record<string, RawFinding[]>;
}

interface RawFinding {
  advisory?: { id: string; title: string; aliases?: string[]; url?: string | null } | null;
  versions?: { patched?: string[] } | null;
  package: { name: string; version: string };
}

/**
 * Reads what `cargo audit --json` printed. Undefined when that is no report: the exit code is the same for findings, for a
 * failed update and for a missing database, so only this says whether anything was checked.
 */
export function parseAuditReport(stdout: string): AuditReport | undefined {
  const raw = parseJson(stdout);
  if (!raw?.vulnerabilities || !Array.isArray(raw.vulnerabilities.list)) return undefined;
  const warnings = Object.entries(raw.warnings ?? {});
  return {
    advisoryCount: raw.database?.['advisory-count'] ?? 0,
    advisories: [
      ...raw.vulnerabilities.list.map((finding) => advisoryOf('vulnerability', finding)),
      ...warnings.flatMap(([kind, findings]) => findings.map((finding) => advisoryOf(kind, finding))),
    ],
    ignored: raw.settings?.ignore ?? [],
  };
}

function advisoryOf(kind: string, { advisory, versions, package: found }: RawFinding): Advisory {
  return {
    id: advisory?.id ?? kind,
    aliases: advisory?.aliases ?? [],
    kind,
    package: found.name,
    version: found.version,
    title: advisory?.title ?? kind,
    patched: versions?.patched ?? [],
    url: advisory?.url ?? undefined,
  };
}

function parseJson(text: string): RawReport | undefined {
  try {
    return JSON.parse(text) as RawReport;
  } catch {
    return undefined;
  }
}
