/** An advisory that fits a package of the lock file. */
export interface Advisory {
  /** e.g. `RUSTSEC-2020-0071`. */
  id: string;
  /** CVE and GHSA numbers. */
  aliases: string[];
  kind: 'vulnerability' | 'unmaintained' | 'unsound' | 'notice' | 'yanked' | string;
  package: string;
  version: string;
  title: string;
  /** Versions that are fixed, e.g. `>=0.2.23`. */
  patched: string[];
  url: string | undefined;
}

export interface AdvisoryDatabase {
  advisories: number;
  /** Undefined when the folder is not a git repository. */
  commit: string | undefined;
  /** ISO 8601. */
  committedAt: string | undefined;
}

/** What is known of one lock file; the same for every crate that it belongs to. */
export type LockAudit =
  | { state: 'checked'; database: AdvisoryDatabase; advisories: Advisory[]; notes: string[] }
  | { state: 'not-checked'; reason: string; fix: string[] };

export interface AcceptedAdvisory {
  id: string;
  reason: string;
  /** Last day on which it counts, `YYYY-MM-DD`. */
  expires: string;
}
