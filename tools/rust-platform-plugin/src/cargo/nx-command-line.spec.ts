import { nxCommandLine } from './nx-command-line';

describe('the command line of Nx', () => {
  test.each([
    [
      ['node', '/w/node_modules/.bin/nx', 'affected', '-t', 'build'],
      ['affected', '-t', 'build'],
    ],
    [
      ['node', '--require', '/x/nx-hook.js', '/w/node_modules/nx/dist/bin/nx.js', 'run', 'a:b'],
      ['run', 'a:b'],
    ],
    [
      ['node', '/bin/nx', 'run', 'a:b', '--', 'affected'],
      ['run', 'a:b'],
    ],
  ])('%j says %j', async (argv, words) => {
    expect(await nxCommandLine(argv)).toEqual({ words });
  });

  test('is not known in a program that only uses Nx', async () => {
    expect(await nxCommandLine(['node', '/w/scripts/nx-graph.js', 'affected'])).toBeUndefined();
    expect(await nxCommandLine(['nx'])).toBeUndefined();
  });

  test('of the daemon says nothing about the command', async () => {
    expect(await nxCommandLine(['node', '/w/node_modules/nx/dist/src/daemon/server/start.js'])).toEqual({
      daemon: true,
    });
  });

  test('of a worker is that of its parent, here of a program that is no Nx', async () => {
    const worker = [
      'node',
      '/w/node_modules/nx/dist/src/project-graph/plugins/isolation/plugin-worker.js',
      'affected',
    ];
    expect(await nxCommandLine(worker)).toBeUndefined();
  });
});
