import type { TargetFacts } from './project-targets';

/** Why a target of ours is never answered from the cache, by its executor. */
const REASONS: Record<string, string> = {
  bench: 'it measures this machine at this moment',
  deps: 'it starts servers',
  serve: 'it runs until it is stopped',
  'db-migrate': 'it changes a database',
  audit: 'advisories appear without any file changing',
  'test-api-live': 'it asks a server that is already there',
  aggregate: 'it is the sum of its steps, which are cached one by one',
};

const EXECUTORS: Record<string, string> = {
  'lint-rust': 'aggregate',
  testing: 'aggregate',
  'testing-bench': 'bench',
  'serve-dev': 'serve',
};

/** `undefined` where only the configuration can tell: then it is not `cache: true`. */
export function neverCachedReason(target: string, facts: TargetFacts | undefined): string {
  const executor = facts?.executor?.replace(/^rust-platform-plugin:/, '') ?? EXECUTORS[target] ?? target;
  return REASONS[executor] ?? 'its configuration does not say `"cache": true`';
}

const STEPS: Record<string, string[]> = { 'lint-rust': ['clippy', 'rustfmt', 'audit'] };

/** The targets that a sum adds up; empty for every other target. */
export function stepsOf(target: string, facts: TargetFacts | undefined): string[] {
  return facts?.steps ?? (facts ? [] : (STEPS[target] ?? []));
}
