import { createRunId, markScript, runIdFromArgv } from './run-marker';

test('the id travels through argv[1]', () => {
  const argv = [
    '/usr/bin/node',
    markScript('/w/node_modules/nx/dist/bin/nx.js', 'run-1'),
    'run-many',
    '-t',
    'test',
  ];
  expect(runIdFromArgv(argv)).toBe('run-1');
});

test.each([[['node', '/w/nx.js', 'run-many']], [['node']], [[]]])('%j has none', (argv) => {
  expect(runIdFromArgv(argv)).toBeUndefined();
});

test('ids are unique, sort by time and fit into a file name', () => {
  const now = new Date('2026-11-24T05:59:31.123Z');
  expect(createRunId(now, 4711)).toMatch(/^20261124T055931Z-4711-[0-9a-f]{4}$/);
  expect(new Set(Array.from({ length: 50 }, () => createRunId())).size).toBeGreaterThan(45);
});
