import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { findExecutable, run } from '../../process/run';
import { announceWait } from '../cargo/hold-lock';
import type { Report } from '../endpoints';
import { checkoutLock, machineLock } from '../locks';
import {
  describeCommit,
  DATABASE_VARIABLE,
  FETCH_TIMEOUT_MS,
  findDatabases,
  ownDatabase,
  refreshDatabase,
} from './advisory-database';
import type { LockAudit } from './audit-types';
import { parseAuditReport, type AuditReport } from './parse-audit-report';

export interface AuditRequest {
  workspaceRoot: string;
  /** Relative to the workspace root. */
  stateDirectory: string;
  /** Absolute. */
  lockFile: string;
  runId: string;
  /** Shown to whoever waits for the lock. */
  purpose: string;
  env: NodeJS.ProcessEnv;
  report: Report;
  signal?: AbortSignal;
}

/** Checks a lock file once per run; the other crates of the run get the same answer without running cargo-audit again. */
export async function auditLockFile(request: AuditRequest): Promise<LockAudit> {
  const { workspaceRoot, stateDirectory, lockFile, runId, purpose, signal } = request;
  const folder = join(workspaceRoot, stateDirectory, 'audit');
  const lockHash = createHash('sha256')
    .update(await readFile(lockFile))
    .digest('hex');
  const resultFile = join(folder, `${lockHash}.json`);
  const lock = await checkoutLock(workspaceRoot, 'audit', { purpose, signal });
  try {
    const known = await readResult(resultFile, runId);
    if (known) return known;
    const audit = await auditNow(request, folder);
    await writeResult(folder, resultFile, { runId, audit });
    return audit;
  } finally {
    await lock.release();
  }
}

async function auditNow(request: AuditRequest, folder: string): Promise<LockAudit> {
  const { env, purpose, report, signal } = request;
  const cargoHome = env['CARGO_HOME'] ?? join(homedir(), '.cargo');
  const tool = await findExecutable('cargo-audit', [join(cargoHome, 'bin')]);
  if (tool === undefined)
    return notChecked('cargo-audit is not installed', 'cargo install --locked cargo-audit');
  await mkdir(folder, { recursive: true });
  const machine = await machineLock('shared', {
    purpose,
    signal,
    onWait: announceWait('a benchmark to end', report),
  });
  try {
    await refreshDatabase(folder, env, async (database) => {
      const fetched = await runAudit(tool, request, folder, ['--db', database], FETCH_TIMEOUT_MS);
      return fetched !== undefined;
    });
    for (const database of await findDatabases(folder, env)) {
      const found = await runAudit(tool, request, folder, ['--db', database, '--no-fetch', '--stale']);
      if (found && found.advisoryCount > 0) return checked(found, database);
    }
    return noDatabase(relative(request.workspaceRoot, ownDatabase(folder)), env);
  } finally {
    await machine.release();
  }
}

/** Runs in our folder, so that no audit.toml of the repository accepts advisories without reason and expiry. */
async function runAudit(
  tool: string,
  { lockFile, signal }: AuditRequest,
  cwd: string,
  args: string[],
  timeoutMs?: number,
): Promise<AuditReport | undefined> {
  // Yanked crates would be looked up in the registry, whose failure cargo-audit takes for an error of the audit.
  const all = ['audit', '--json', '--no-yanked', '--file', lockFile, ...args];
  const { stdout } = await run(tool, all, { cwd, signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  signal?.throwIfAborted();
  return parseAuditReport(stdout);
}

async function checked(report: AuditReport, database: string): Promise<LockAudit> {
  const commit = await describeCommit(database);
  const notes = report.ignored.map(
    (id) =>
      `${id} is ignored by an audit.toml outside the repository; use auditIgnore in nx.json, with reason and expiry`,
  );
  return {
    state: 'checked',
    database: { advisories: report.advisoryCount, ...commit },
    advisories: report.advisories,
    notes,
  };
}

function noDatabase(own: string, env: NodeJS.ProcessEnv): LockAudit {
  const given = env[DATABASE_VARIABLE];
  if (given)
    return notChecked(`${DATABASE_VARIABLE} names a folder without advisories: ${given}`, clone(given));
  return notChecked('there is no advisory database, and none could be fetched', clone(own));
}

function clone(folder: string): string {
  return `git clone --depth 1 https://github.com/RustSec/advisory-db '${folder}'`;
}

function notChecked(reason: string, fix: string): LockAudit {
  return { state: 'not-checked', reason, fix: [fix] };
}

async function readResult(file: string, runId: string): Promise<LockAudit | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  try {
    const value = text === undefined ? undefined : (JSON.parse(text) as { runId: string; audit: LockAudit });
    return value?.runId === runId ? value.audit : undefined;
  } catch {
    return undefined;
  }
}

async function writeResult(folder: string, file: string, value: unknown): Promise<void> {
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(value));
  await rename(draft, file);
}
