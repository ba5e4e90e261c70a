import type { TestCase, TestSuite } from './test-results';

const SUITE = /<testsuite (?<attributes>[^>]*)>(?<body>[\s\S]*?)<\/testsuite>/gu;
const CASE = /<testcase (?<attributes>[^>]*?)(?:\/>|>(?<body>[\s\S]*?)<\/testcase>)/gu;
const FAULT = /<(?<tag>failure|error)(?<attributes>[^>]*?)(?:\/>|>(?<text>[\s\S]*?)<\/\k<tag>>)/u;

/**
 * Reads the JUnit file that nextest wrote. It is regular (one writer, everything escaped), so no XML parser is needed.
 * `flaky`: names of tests that passed only on a later attempt.
 */
export function parseNextestJunit(xml: string): { suites: TestSuite[]; flaky: string[] } {
  const flaky: string[] = [];
  const suites = [...xml.matchAll(SUITE)].map(({ groups = {} }) => {
    const cases = [...(groups['body'] ?? '').matchAll(CASE)].map((match) => {
      const body = match.groups?.['body'] ?? '';
      const testCase = caseOf(match.groups?.['attributes'] ?? '', body);
      if (body.includes('<flakyFailure') || body.includes('<flakyError')) flaky.push(testCase.name);
      return testCase;
    });
    const name = attribute(groups['attributes'] ?? '', 'name');
    return { name, durationMs: cases.reduce((sum, { durationMs }) => sum + durationMs, 0), cases };
  });
  return { suites, flaky };
}

/** `Summary [0.1s] 4 tests run: 3 passed, 1 failed, 2 skipped`: ignored tests stand nowhere else. */
export function parseNextestSkipped(plainOutput: string): number {
  return Number(/Summary \[.*?\].*?(\d+) skipped/u.exec(plainOutput)?.[1] ?? 0);
}

function caseOf(attributes: string, body: string): TestCase {
  const base = {
    name: attribute(attributes, 'name'),
    durationMs: Math.round(Number(attribute(attributes, 'time') || 0) * 1000),
  };
  const fault = FAULT.exec(body)?.groups;
  if (!fault) return { ...base, status: body.includes('<skipped') ? 'skipped' : 'passed' };
  const message =
    attribute(fault['attributes'] ?? '', 'message') || attribute(fault['attributes'] ?? '', 'type');
  const output = [unescapeXml(fault['text'] ?? ''), content(body, 'system-out')].filter(Boolean).join('\n\n');
  return { ...base, status: fault['tag'] === 'failure' ? 'failed' : 'error', message, output };
}

function content(body: string, tag: string): string {
  return unescapeXml(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'u').exec(body)?.[1] ?? '').trim();
}

function attribute(attributes: string, name: string): string {
  return unescapeXml(new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'u').exec(attributes)?.[1] ?? '');
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/gu,
    (whole, hex: string, decimal: string, name: string) => {
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[name] ?? whole);
    },
  );
}
