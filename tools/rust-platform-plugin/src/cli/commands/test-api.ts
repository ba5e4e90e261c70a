import { CARGO_NEEDS, NO_NEEDS, type RunCommand } from '../run-command';

export const testApi: RunCommand = {
  name: 'test-api',
  kind: 'target',
  summary: 'run the .http files against the service',
  description:
    'Starts each service on a free port with a fresh, migrated database, runs its .http files and stops it. Cached: a hit starts nothing. With --running or --url it tests a server that is already there (target test-api-live, never cached).',
  examples: [
    'rust-platform test-api',
    'rust-platform test-api links --running',
    'rust-platform test-api links --url http://127.0.0.1:8080',
  ],
  needs: { ...CARGO_NEEDS, servers: [{ of: 'services', required: false }] },
  servicesOnly: true,
  options: [
    { flags: '--running', description: 'test the server that `serve` of this checkout has started' },
    { flags: '--url <url>', description: 'test the server at this address' },
  ],
  resolve: ({ running, url }) => {
    if (typeof url === 'string')
      return { target: 'test-api-live', nxOptions: [`--url=${url}`], needs: NO_NEEDS };
    if (running === true) return { target: 'test-api-live', nxOptions: ['--running'], needs: NO_NEEDS };
    return { target: 'test-api', nxOptions: [] };
  },
};
