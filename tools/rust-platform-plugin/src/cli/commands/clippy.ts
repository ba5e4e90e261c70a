import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const clippy: RunCommand = {
  name: 'clippy',
  kind: 'target',
  summary: 'lints; a warning is an error',
  description: 'Runs cargo clippy --all-targets with warnings as errors. Cached.',
  examples: ['rust-platform clippy', 'rust-platform clippy links'],
  needs: { ...CARGO_NEEDS, tools: ['clippy'] },
  servicesOnly: false,
};
