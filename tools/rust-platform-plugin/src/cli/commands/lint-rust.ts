import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const lintRust: RunCommand = {
  name: 'lint-rust',
  kind: 'target',
  summary: 'clippy, rustfmt and audit together',
  description: 'Runs clippy, rustfmt and audit; all three are reported even when one fails.',
  examples: ['rust-platform lint-rust', 'nx affected -t lint-rust --base=main'],
  needs: { ...CARGO_NEEDS, tools: ['clippy', 'rustfmt', 'audit'] },
  servicesOnly: false,
};
