import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const test: RunCommand = {
  name: 'test',
  kind: 'target',
  summary: 'unit, integration and doc tests of all projects',
  description:
    'Runs the tests of all projects, or of those named: cargo nextest where it is installed, else cargo test. Crates whose tests need PostgreSQL or Redis get a database of their own. Cached for Rust crates.',
  examples: ['rust-platform test', 'rust-platform test links'],
  needs: { ...CARGO_NEEDS, tools: ['nextest'], servers: [{ of: 'tests', required: false }] },
  servicesOnly: false,
};
