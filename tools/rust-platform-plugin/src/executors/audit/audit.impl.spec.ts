import type { CrateVerdict } from '../../engines/audit/judge-crate';
import { outcomeOf } from './audit.impl';

const checked: Exclude<CrateVerdict, { state: 'not-checked' }> = {
  state: 'clean',
  database: { advisories: 700, commit: '1a2b3c4d5e', committedAt: '2026-11-20T10:00:00Z' },
  ageDays: 4,
  packages: 214,
  findings: [],
  notes: [],
};
const finding = {
  id: 'RUSTSEC-2020-0071',
  aliases: [],
  kind: 'vulnerability',
  package: 'time',
  version: '0.1.43',
  title: 'Potential segfault',
  patched: ['>=0.2.23'],
  url: undefined,
  way: ['links', 'time'],
};

describe('outcomeOf', () => {
  it('names commit and age of the database when clean', () => {
    expect(outcomeOf(checked, 'required')).toMatchObject({
      status: 'passed',
      headline: 'clean (214 crates, 700 advisories of 1a2b3c4, 4 days old)',
    });
  });

  it.each(['report', 'required'] as const)('fails on findings with mode %s', (mode) => {
    const outcome = outcomeOf({ ...checked, state: 'findings', findings: [finding] }, mode);
    expect(outcome).toMatchObject({ status: 'failed', headline: '1 finding: RUSTSEC-2020-0071' });
    expect(outcome.exitCode).toBeUndefined();
    expect(outcome.notes?.[0]).toContain('links > time');
  });

  it.each([
    ['report', 0],
    ['required', 3],
  ] as const)('with mode %s ends with %i when it was stale or not checked', (mode, exitCode) => {
    const stale = outcomeOf({ ...checked, state: 'stale', ageDays: 45, notes: ['stale: …'] }, mode);
    expect(stale).toMatchObject({ status: 'degraded', exitCode, notes: ['stale: …'] });
    expect(stale.headline).toContain('45 days old');
    const missing = outcomeOf(
      { state: 'not-checked', reason: 'cargo-audit is not installed', fix: ['cargo install x'] },
      mode,
    );
    expect(missing).toMatchObject({
      status: 'not-checked',
      exitCode,
      headline: 'not checked: cargo-audit is not installed',
    });
    expect(missing.notes).toEqual(['not checked: cargo-audit is not installed (fix: cargo install x)']);
  });
});
