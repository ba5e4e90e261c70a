import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const check: RunCommand = {
  name: 'check',
  kind: 'target',
  summary: 'does everything compile',
  description: 'Runs cargo check --all-targets; produces no binaries, and warnings pass. Cached.',
  examples: ['rust-platform check', 'rust-platform check links'],
  needs: CARGO_NEEDS,
  servicesOnly: false,
};
