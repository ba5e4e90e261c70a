import type { Advisory, LockAudit } from './audit-types';
import { judgeCrate, line, type JudgeRequest } from './judge-crate';

const time: Advisory = {
  id: 'RUSTSEC-2020-0071',
  aliases: ['CVE-2020-26235'],
  kind: 'vulnerability',
  package: 'time',
  version: '0.1.43',
  title: 'Potential segfault',
  patched: ['>=0.2.23'],
  url: undefined,
};
const old: Advisory = {
  ...time,
  id: 'RUSTSEC-2021-0001',
  aliases: [],
  kind: 'unmaintained',
  package: 'old',
  version: '1.0.0',
  title: 'old is unmaintained',
  patched: [],
};

/** What the lock holds for each crate; `worker` alone is built from `old`. */
const CLOSURES: Record<string, Map<{ name: string; version: string }, string[]>> = {
  links: new Map([
    [{ name: 'links', version: '0.1.0' }, ['links']],
    [{ name: 'time', version: '0.1.43' }, ['links', 'time']],
  ]),
  worker: new Map([
    [{ name: 'worker', version: '0.1.0' }, ['worker']],
    [{ name: 'old', version: '1.0.0' }, ['worker', 'old']],
  ]),
};

function judge(changes: Partial<JudgeRequest> & { committedAt?: string | null } = {}) {
  const { committedAt = '2026-11-20T10:00:00Z', ...rest } = changes;
  const database = { advisories: 700, commit: '1a2b3c4d5e', committedAt: committedAt ?? undefined };
  const audit: LockAudit = { state: 'checked', database, advisories: [time, old], notes: [] };
  return judgeCrate({
    audit,
    packages: 4,
    closure: CLOSURES[rest.packageName ?? 'links'],
    packageName: 'links',
    accepted: [],
    now: new Date('2026-11-24T12:00:00Z'),
    ...rest,
  });
}

describe('judgeCrate', () => {
  it('gives a finding to the crate that is linked with it, with the way to it', () => {
    const verdict = judge();
    expect(verdict).toMatchObject({
      state: 'findings',
      ageDays: 4,
      packages: 2,
      findings: [{ id: time.id, way: ['links', 'time'] }],
      notes: [],
    });
    expect(verdict.state === 'findings' && verdict.findings.map(line)).toEqual([
      'RUSTSEC-2020-0071 in time 0.1.43: Potential segfault (fixed in >=0.2.23; links > time)',
    ]);
  });

  it('is clean for a crate that is not, and notes what is merely unmaintained', () => {
    const verdict = judge({ packageName: 'worker' });
    expect(verdict).toMatchObject({ state: 'clean', findings: [] });
    expect(verdict.state === 'clean' && verdict.notes).toEqual([
      'unmaintained: RUSTSEC-2021-0001 in old 1.0.0: old is unmaintained (no fixed version; worker > old)',
    ]);
  });

  it.each([
    ['2026-10-25T12:00:00Z', 'clean', 30],
    ['2026-10-24T11:00:00Z', 'stale', 31],
    [null, 'stale', undefined],
  ])('judges a database of %s as %s', (committedAt, state, ageDays) => {
    expect(judge({ packageName: 'worker', committedAt })).toMatchObject({ state, ageDays });
  });

  it('lets findings of an old database fail all the same, and says how old it is', () => {
    const verdict = judge({ committedAt: '2026-01-01T00:00:00Z' });
    expect(verdict).toMatchObject({
      state: 'findings',
      notes: ['stale: the advisory database is 327 days old'],
    });
  });

  it.each([time.id, 'CVE-2020-26235'])('accepts %s until its last day, with the reason shown', (id) => {
    const accepted = [{ id, reason: 'not reachable', expires: '2026-11-24' }];
    const verdict = judge({ accepted });
    expect(verdict).toMatchObject({ state: 'clean', findings: [] });
    expect(verdict.state === 'clean' && verdict.notes).toEqual([
      `${id} in time 0.1.43 is accepted until 2026-11-24: not reachable`,
    ]);
  });

  it('makes an expired acceptance a finding again, with a note', () => {
    const accepted = [{ id: time.id, reason: 'not reachable', expires: '2026-11-23' }];
    expect(judge({ accepted })).toMatchObject({
      state: 'findings',
      notes: ['RUSTSEC-2020-0071 was accepted until 2026-11-23 (not reachable): it is a finding again'],
    });
  });

  it('fails closed for a crate that the lock does not know', () => {
    expect(judge({ packageName: 'new' })).toMatchObject({
      state: 'findings',
      findings: [{ id: time.id, way: [] }],
    });
  });

  it('hands on that nothing was checked', () => {
    const audit: LockAudit = { state: 'not-checked', reason: 'cargo-audit is not installed', fix: ['x'] };
    expect(judge({ audit })).toEqual(audit);
  });
});
