import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { auditLockFile } from '../../engines/audit/audit-lock-file';
import { judgeCrate, line, type CrateVerdict } from '../../engines/audit/judge-crate';
import { manifestArgument } from '../../engines/cargo/cargo-failures';
import { count } from '../../engines/cargo/diagnostics';
import { lockClosure } from '../../cargo/lock/lock-closure';
import { parseLock } from '../../cargo/lock/parse-lock';
import { EXIT, PlatformError } from '../../errors';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import schema from './schema.json';

export interface AuditOptions {
  mode?: 'report' | 'required';
}

/** `audit`: clean, findings, stale or not checked; never cached. Needs Cargo.lock and cargo-audit, but no toolchain. */
export default async function audit(
  options: AuditOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const work = (task: TaskContext): Promise<Outcome> => auditTask(task, options.mode ?? task.options.audit);
  return runTask({ context, target: 'audit', options, schema, needsCargo: false, work });
}

async function auditTask(task: TaskContext, mode: 'report' | 'required'): Promise<Outcome> {
  const outcome = outcomeOf(await verdictOf(task), mode);
  return { ...outcome, notes: [...(outcome.notes ?? []), ...unreadConfiguration(task)] };
}

async function verdictOf(task: TaskContext): Promise<CrateVerdict> {
  const { workspaceRoot, options, crate, project, target, run, report, signal } = task;
  const lockFile = absolute(workspaceRoot, crate.lockFile ?? join(crate.cargoRoot, 'Cargo.lock'));
  const lockText = await readFile(lockFile, 'utf8').catch(() => undefined);
  if (lockText === undefined) {
    const fix = `cargo generate-lockfile${manifestArgument(crate)}`;
    return { state: 'not-checked', reason: 'there is no Cargo.lock', fix: [fix] };
  }
  const { stateDirectory, auditIgnore } = options;
  const { packageName } = crate;
  const { runId } = run;
  const purpose = `${target} ${project}`;
  const request = {
    workspaceRoot,
    stateDirectory,
    lockFile,
    runId,
    purpose,
    env: process.env,
    report,
    signal,
  };
  const audit = await auditLockFile(request);
  try {
    const packages = parseLock(lockText, relative(workspaceRoot, lockFile));
    const closure = lockClosure({ packages, crate: packageName, file: relative(workspaceRoot, lockFile) });
    return judgeCrate({
      audit,
      packages: packages.length,
      closure,
      packageName,
      accepted: auditIgnore,
      now: new Date(),
    });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { state: 'not-checked', reason: error.what, fix: error.fix };
  }
}

/** It would accept advisories for ever and without a reason. */
function unreadConfiguration({ workspaceRoot, crate }: TaskContext): string[] {
  const file = join(crate.cargoRoot, '.cargo/audit.toml');
  if (!existsSync(join(workspaceRoot, file))) return [];
  return [`${file} is not read: accept advisories by auditIgnore in nx.json, with reason and expiry`];
}

function absolute(workspaceRoot: string, file: string): string {
  return isAbsolute(file) ? file : join(workspaceRoot, file);
}

/** What a verdict means for the task: findings always fail, what was not judged fails only where that is required. */
export function outcomeOf(verdict: CrateVerdict, mode: 'report' | 'required'): Outcome {
  const unjudged = mode === 'required' ? EXIT.notJudged : EXIT.ok;
  if (verdict.state === 'not-checked') {
    const notes = [`not checked: ${verdict.reason} (fix: ${verdict.fix.join(' or ')})`];
    return {
      status: 'not-checked',
      exitCode: unjudged,
      headline: `not checked: ${verdict.reason}`,
      notes,
      data: verdict,
    };
  }
  const { findings, notes } = verdict;
  if (verdict.state === 'findings') {
    const headline = `${count(findings.length, 'finding')}: ${findings.map(({ id }) => id).join(', ')}`;
    return { status: 'failed', headline, notes: [...findings.map(line), ...notes], data: verdict };
  }
  const basis = basisOf(verdict);
  if (verdict.state === 'clean')
    return { status: 'passed', headline: `clean (${basis})`, notes, data: verdict };
  return {
    status: 'degraded',
    exitCode: unjudged,
    headline: `no findings, but stale (${basis})`,
    notes,
    data: verdict,
  };
}

function basisOf({ packages, database, ageDays }: Exclude<CrateVerdict, { state: 'not-checked' }>): string {
  const age = ageDays === undefined ? 'age unknown' : `${count(ageDays, 'day')} old`;
  return `${packages} crates, ${database.advisories} advisories of ${database.commit?.slice(0, 7) ?? 'no commit'}, ${age}`;
}
