import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const audit: RunCommand = {
  name: 'audit',
  kind: 'target',
  summary: 'security advisories for Cargo.lock',
  description:
    'Asks cargo-audit once for each lock file. The answer is clean, findings, stale or not checked; never cached.',
  examples: ['rust-platform audit', 'rust-platform audit links'],
  needs: { ...CARGO_NEEDS, tools: ['audit'] },
  servicesOnly: false,
};
