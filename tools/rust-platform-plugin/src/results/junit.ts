export interface JunitSuite {
  name: string;
  /** ISO 8601. */
  timestamp?: string;
  durationMs: number;
  cases: JunitCase[];
  properties?: Record<string, string>;
}

export interface JunitCase {
  name: string;
  classname?: string;
  durationMs: number;
  status: 'passed' | 'failed' | 'error' | 'skipped';
  /** One line: why it failed or was skipped. */
  message?: string;
  /** Longer text under a failure. */
  details?: string;
  output?: string;
}

/** JUnit XML as CI servers read it; times in seconds. */
export function formatJunit(suites: readonly JunitSuite[]): string {
  const counts = countsOf(suites.flatMap((suite) => suite.cases));
  const time = seconds(suites.reduce((sum, suite) => sum + suite.durationMs, 0));
  const body = suites.flatMap(suiteLines);
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${counts} time="${time}">`]
    .concat(body, '</testsuites>', '')
    .join('\n');
}

function suiteLines(suite: JunitSuite): string[] {
  const stamp = suite.timestamp ? ` timestamp="${escapeXml(suite.timestamp)}"` : '';
  const head = `name="${escapeXml(suite.name)}" ${countsOf(suite.cases)} time="${seconds(suite.durationMs)}"${stamp}`;
  const properties = Object.entries(suite.properties ?? {}).map(
    ([name, value]) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>`,
  );
  const block = properties.length > 0 ? ['    <properties>', ...properties, '    </properties>'] : [];
  return [`  <testsuite ${head}>`, ...block, ...suite.cases.flatMap(caseLines), '  </testsuite>'];
}

function caseLines(testCase: JunitCase): string[] {
  const classname = escapeXml(testCase.classname ?? '');
  const head = `name="${escapeXml(testCase.name)}" classname="${classname}" time="${seconds(testCase.durationMs)}"`;
  const children = [...outcomeLines(testCase), ...outputLines(testCase)];
  if (children.length === 0) return [`    <testcase ${head}/>`];
  return [`    <testcase ${head}>`, ...children, '    </testcase>'];
}

function outcomeLines({ status, message, details }: JunitCase): string[] {
  if (status === 'passed') return [];
  const attribute = message ? ` message="${escapeXml(message)}"` : '';
  const tag = status === 'skipped' ? 'skipped' : status === 'error' ? 'error' : 'failure';
  if (!details) return [`      <${tag}${attribute}/>`];
  return [`      <${tag}${attribute}>${escapeXml(details)}</${tag}>`];
}

function outputLines({ output }: JunitCase): string[] {
  return output ? [`      <system-out>${escapeXml(output)}</system-out>`] : [];
}

function countsOf(cases: readonly JunitCase[]): string {
  const count = (status: JunitCase['status']) => cases.filter((one) => one.status === status).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Also drops what XML 1.0 cannot hold at all (colour codes of a test's output, lone surrogates). */
export function escapeXml(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&apos;')
  );
}
