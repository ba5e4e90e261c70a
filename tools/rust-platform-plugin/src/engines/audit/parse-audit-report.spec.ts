import { parseAuditReport } from './parse-audit-report';

// Recorded with cargo-audit 0.22.2, shortened.
const RECORDED = JSON.stringify({
  database: { 'advisory-count': 2, 'last-commit': null, 'last-updated': null },
  settings: { ignore: ['RUSTSEC-2019-0001'] },
  vulnerabilities: {
    found: true,
    count: 1,
    list: [
      {
        advisory: {
          id: 'RUSTSEC-2020-0071',
          title: 'Potential segfault in the time crate',
          aliases: ['CVE-2020-26235'],
          url: 'https://example.invalid/time',
        },
        versions: { patched: ['>=0.2.23'], unaffected: [] },
        package: { name: 'time', version: '0.1.43' },
      },
    ],
  },
  warnings: {
    unmaintained: [
      {
        kind: 'unmaintained',
        advisory: { id: 'RUSTSEC-2021-0001', title: 'old is unmaintained', aliases: [], url: null },
        versions: { patched: [] },
        package: { name: 'old', version: '1.0.0' },
      },
    ],
    yanked: [{ kind: 'yanked', advisory: null, versions: null, package: { name: 'gone', version: '2.0.0' } }],
  },
});

describe('parseAuditReport', () => {
  it('reads vulnerabilities, warnings, the size of the database and what a configuration hides', () => {
    const report = parseAuditReport(RECORDED);
    expect(report?.advisoryCount).toBe(2);
    expect(report?.ignored).toEqual(['RUSTSEC-2019-0001']);
    expect(report?.advisories).toEqual([
      {
        id: 'RUSTSEC-2020-0071',
        aliases: ['CVE-2020-26235'],
        kind: 'vulnerability',
        package: 'time',
        version: '0.1.43',
        title: 'Potential segfault in the time crate',
        patched: ['>=0.2.23'],
        url: 'https://example.invalid/time',
      },
      expect.objectContaining({ id: 'RUSTSEC-2021-0001', kind: 'unmaintained', url: undefined }),
      expect.objectContaining({ id: 'yanked', kind: 'yanked', package: 'gone', patched: [] }),
    ]);
  });

  it.each(['', 'error: couldn’t fetch advisory database', '{}', 'null', '{"vulnerabilities":{}}'])(
    'takes %j for no report, so nothing was checked',
    (text) => {
      expect(parseAuditReport(text)).toBeUndefined();
    },
  );
});
