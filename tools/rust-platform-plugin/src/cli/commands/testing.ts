import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const testing: RunCommand = {
  name: 'testing',
  kind: 'workflow',
  summary: 'build, test, test-api, bench (short) and lint-rust',
  description:
    'Builds, tests, API-tests, benches (smoke profile) and lints the services. PostgreSQL and Redis are started when the first step that really runs needs them, and stopped at the end. Steps that do not depend on a failed one go on.',
  examples: ['rust-platform testing', 'rust-platform testing links', 'rust-platform testing --dry-run'],
  needs: {
    ...CARGO_NEEDS,
    tools: ['nextest', 'clippy', 'rustfmt', 'audit'],
    servers: [
      { of: 'tests', required: false },
      { of: 'services', required: true },
    ],
  },
  servicesOnly: true,
};
