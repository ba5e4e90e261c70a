import { parseEntries, parseLsof, parseMarked, parseNetstat } from './macos-facts';

// The layout of macOS 14 with LC_ALL=C and TZ=UTC.
const ENTRIES = `    1     0     1 Ss   Fri Nov 21 06:10:02 2025
  812     1   812 S    Fri Nov 21 06:12:44 2025
 4120   812  4120 S+   Mon Nov 24 05:55:00 2025
 4121  4120  4120 Z+   Mon Nov 24 05:55:01 2025
`;
const WITH_ENVIRONMENT = `  4120 /opt/shop/shortener --port 8080 HOME=/Users/dev RUST_PLATFORM_SERVICE_ID=abc PATH=/usr/bin:/bin
  4130 grep RUST_PLATFORM_SERVICE_ID=abcd HOME=/Users/dev
`;
const LSOF = `p4120
Ldev
f10
n127.0.0.1:8080
f11
n[::1]:8080
p900
L_postgres
f7
n*:5432
`;
const NETSTAT = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  127.0.0.1.8080         *.*                    LISTEN
tcp46      0      0  *.5432                 *.*                    LISTEN
tcp6       0      0  ::1.6379               *.*                    LISTEN
tcp4       0      0  192.168.1.7.52100      140.82.112.3.443       ESTABLISHED
`;

describe('parseEntries', () => {
  it('reads numbers, state and start time', () => {
    const [first, , server, dead] = parseEntries(ENTRIES);
    expect(first).toMatchObject({ pid: 1, ppid: 0, zombie: false });
    expect(server).toEqual({
      pid: 4120,
      ppid: 812,
      group: 4120,
      session: undefined,
      startTime: `macos.${Date.UTC(2025, 10, 24, 5, 55) / 1000}`,
      zombie: false,
    });
    expect(dead?.zombie).toBe(true);
  });

  it('is empty for a process that is gone', () => expect(parseEntries('')).toEqual([]));
});

it('parseMarked compares the whole variable', () => {
  expect(parseMarked(WITH_ENVIRONMENT, { name: 'RUST_PLATFORM_SERVICE_ID', value: 'abc' })).toEqual([4120]);
});

it('parseLsof gives each socket its process and user', () => {
  expect(parseLsof(LSOF)).toEqual([
    { port: 8080, address: '127.0.0.1', pid: 4120, user: 'dev' },
    { port: 8080, address: '::1', pid: 4120, user: 'dev' },
    { port: 5432, address: '0.0.0.0', pid: 900, user: '_postgres' },
  ]);
});

it('parseNetstat finds the sockets of other users', () => {
  expect(parseNetstat(NETSTAT)).toEqual([
    { port: 8080, address: '127.0.0.1', pid: undefined },
    { port: 5432, address: '0.0.0.0', pid: undefined },
    { port: 6379, address: '::1', pid: undefined },
  ]);
});
