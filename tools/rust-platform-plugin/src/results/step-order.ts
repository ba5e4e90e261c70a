import type { SummaryRow } from './summary';

/** The steps in the order in which a person thinks of them; any other target comes after, by name. */
const STEPS = [
  'deps',
  'build',
  'db-migrate',
  'testing-db-migrate',
  'test',
  'test-api',
  'test-api-live',
  'bench',
  'testing-bench',
  'check',
  'clippy',
  'rustfmt',
  'audit',
  'lint-rust',
  'serve',
  'testing',
];

type Step = Pick<SummaryRow, 'project' | 'target' | 'id'>;

/** By project, then by step. */
export function compareSteps(a: Step, b: Step): number {
  return compareText(a.project, b.project) || rank(a) - rank(b) || compareText(a.id, b.id);
}

function rank({ target }: Step): number {
  const at = STEPS.indexOf(target);
  return at === -1 ? STEPS.length : at;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
