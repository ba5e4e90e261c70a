import { CARGO_NEEDS, type RunCommand } from '../run-command';

export const build: RunCommand = {
  name: 'build',
  kind: 'target',
  summary: 'compile the release binaries',
  description: 'Compiles the release binaries of services and the libraries under them. Cached.',
  examples: ['rust-platform build', 'rust-platform build links'],
  needs: CARGO_NEEDS,
  servicesOnly: false,
};
