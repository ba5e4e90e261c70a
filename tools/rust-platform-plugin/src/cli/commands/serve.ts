import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const serve: RunCommand = {
  name: 'serve',
  kind: 'target',
  summary: 'run the release server until Ctrl-C',
  description:
    'Starts what the service needs, then the built binary on its own port, and shows its log. Ctrl-C ends it with its full grace period.',
  examples: ['rust-platform serve links', 'rust-platform serve'],
  needs: { ...CARGO_NEEDS, servers: [{ of: 'services', required: true }], ports: true },
  servicesOnly: true,
};
