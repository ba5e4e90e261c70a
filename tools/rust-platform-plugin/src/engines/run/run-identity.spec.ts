import { isRunner } from './run-identity';

describe('isRunner', () => {
  it.each([
    ['node /shop/node_modules/.bin/nx run a:go'],
    ['/usr/bin/node /shop/node_modules/nx/dist/bin/nx.js run-many -t build'],
    ['node --max-old-space-size=4096 -r ./hook.js /shop/node_modules/.bin/nx test'],
    ['/opt/node/bin/nodejs /shop/tools/rust-platform-plugin/bin/rust-platform.js testing'],
  ])('%s', (command) => expect(isRunner(command.split(' '))).toBe(true));

  it.each([
    ['node /shop/node_modules/nx/dist/src/daemon/server/start.js'],
    ['node /home/me/rust-platform/node_modules/.bin/jest'],
    ['sh -c nx'],
    ['npm exec nx'],
    ['node -e 1'],
    ['node'],
  ])('not %s', (command) => expect(isRunner(command.split(' '))).toBe(false));
});
