import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const rustfmt: RunCommand = {
  name: 'rustfmt',
  kind: 'target',
  summary: 'check the formatting',
  description: 'Runs rustfmt --check; changes nothing. Cached.',
  examples: ['rust-platform rustfmt', 'rust-platform rustfmt links'],
  needs: { ...CARGO_NEEDS, tools: ['rustfmt'] },
  servicesOnly: false,
};
