import { formatStatus } from './format-status';
import type { ServerStatus } from '../engines/deps/deps-types';

const identity = { pid: 4711, startTime: 'x' };
const server: ServerStatus = {
  kind: 'postgres',
  state: 'running',
  provider: 'local',
  url: 'postgres://platform:***@127.0.0.1:5434/postgres',
  port: 5434,
  version: '15.19',
  pid: 99,
  container: undefined,
  pinned: true,
  startedAt: undefined,
  dataDirectory: undefined,
  logFile: undefined,
  problem: undefined,
};

test('services, servers and the last run on one screen', () => {
  const text = formatStatus(
    {
      services: [
        {
          id: '1',
          name: 'links',
          project: 'links',
          purpose: 'serve',
          pid: 4711,
          identity,
          port: 8101,
          state: 'ready',
          startedAt: '2026-11-24T06:00:00.000Z',
          logFile: '',
        },
      ],
      deps: {
        checkout: 'c',
        workspaceRoot: '/w',
        servers: [
          server,
          {
            ...server,
            kind: 'redis',
            state: 'stopped',
            pinned: false,
            pid: undefined,
            url: undefined,
            version: undefined,
          },
        ],
      },
      lastRun: {
        schemaVersion: 1,
        runId: 'r',
        argv: ['node', 'nx', 'run-many', '-t', 'test'],
        startedAt: '2026-11-24T06:00:00.000Z',
        endedAt: '2026-11-24T06:00:05.000Z',
        tasks: [
          { id: 'a:test', project: 'a', target: 'test', status: 'success', cache: 'local' },
          { id: 'b:test', project: 'b', target: 'test', status: 'failure', cache: 'miss' },
        ],
      },
    },
    { colour: false, now: new Date('2026-11-24T06:01:05Z') },
  );
  expect(text).toBe(
    `Services
  service  state  for     pid        up  address
  links    ready  serve  4711  1 m 05 s  http://127.0.0.1:8101

Servers
  server          state    from   pid  until      address
  postgres 15.19  running  local   99  deps stop  postgres://platform:***@127.0.0.1:5434/postgres
  redis           stopped  local    -  -          -

Last run
  test, ended 2026-11-24T06:00:05.000Z: 1 of 2 tasks succeeded (1 from the cache), 1 failed, 5.0 s
`,
  );
});

test('nothing at all says how to begin', () => {
  const status = {
    services: [],
    deps: { checkout: 'c', workspaceRoot: '/w', servers: [] },
    lastRun: undefined,
  };
  expect(formatStatus(status, { colour: false })).toBe(
    `Services
  none runs (rust-platform serve starts them)

Servers
  no servers of this checkout (rust-platform deps starts them)

Last run
  none yet
`,
  );
});
