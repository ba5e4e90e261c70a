import { escapeXml, formatJunit } from './junit';

describe('formatJunit', () => {
  test('writes suites, cases and counts', () => {
    const xml = formatJunit([
      {
        name: 'links',
        timestamp: '2026-11-24T06:00:00.000Z',
        durationMs: 1500,
        properties: { rustc: '1.95.0' },
        cases: [
          { name: 'creates a link', classname: 'links::api', durationMs: 12, status: 'passed' },
          {
            name: 'redirects',
            durationMs: 3,
            status: 'failed',
            message: 'got 404',
            details: 'left: 404\nright: 302',
          },
          { name: 'is slow', durationMs: 0, status: 'skipped', message: 'ignored' },
          { name: 'starts', durationMs: 1, status: 'error', output: 'panicked' },
        ],
      },
    ]);
    expect(xml).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites tests="4" failures="1" errors="1" skipped="1" time="1.500">',
        '  <testsuite name="links" tests="4" failures="1" errors="1" skipped="1" time="1.500" timestamp="2026-11-24T06:00:00.000Z">',
        '    <properties>',
        '      <property name="rustc" value="1.95.0"/>',
        '    </properties>',
        '    <testcase name="creates a link" classname="links::api" time="0.012"/>',
        '    <testcase name="redirects" classname="" time="0.003">',
        '      <failure message="got 404">left: 404\nright: 302</failure>',
        '    </testcase>',
        '    <testcase name="is slow" classname="" time="0.000">',
        '      <skipped message="ignored"/>',
        '    </testcase>',
        '    <testcase name="starts" classname="" time="0.001">',
        '      <error/>',
        '      <system-out>panicked</system-out>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });

  test('no suites are a valid document', () => {
    expect(formatJunit([])).toContain(
      '<testsuites tests="0" failures="0" errors="0" skipped="0" time="0.000">',
    );
  });
});

describe('escapeXml', () => {
  test.each([
    [`a < b && "c" > 'd'`, 'a &lt; b &amp;&amp; &quot;c&quot; &gt; &apos;d&apos;'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['nul\u0000 and bell\u0007', 'nul and bell'],
    ['tab\tand\nline', 'tab\tand\nline'],
    ['half \ud83d of a pair', 'half \ufffd of a pair'],
    ['whole 😀', 'whole 😀'],
    ['not &amp; again', 'not &amp;amp; again'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeXml(text)).toBe(escaped);
  });
});
