import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const bench: RunCommand = {
  name: 'bench',
  kind: 'target',
  summary: 'load test of the release server',
  description:
    'Starts the release server of each service, drives its scenarios and reports throughput and latency. Alone on the machine; never cached. Fails on errors and on answers other than 2xx.',
  examples: ['rust-platform bench', 'rust-platform bench links'],
  needs: { ...CARGO_NEEDS, servers: [{ of: 'services', required: true }] },
  servicesOnly: true,
};
