import { NO_NEEDS, type RunCommand } from '../run-command';

export const testApiLive: RunCommand = {
  name: 'test-api-live',
  kind: 'target',
  summary: 'run the .http files against a server that is already there',
  description:
    'Runs the .http files of a service against --url or against the server of `serve`. Never cached.',
  examples: ['rust-platform test-api-live links --url=http://127.0.0.1:8080'],
  needs: NO_NEEDS,
  servicesOnly: true,
};
