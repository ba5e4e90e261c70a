import { append, both, edit, env, tool, write, type Change, type Mutation } from '../mutation';
import { test, testApi } from '../tasks';
import { upgradeRunner } from './packages';

const APP = 'rust/services/app/Cargo.toml';

/** A field of the service app. */
function describe(field: string): Change {
  return edit(APP, 'port = 8001', `port = 8001\n${field}`);
}

/** Section 1: what `test-api`, and `test` where it uses servers, depends on besides. */
export const SERVICES: Mutation[] = [
  {
    name: 'an API test',
    change: append('rust/services/app/api/app.http', '\nGET /other\n'),
    misses: testApi(),
  },
  {
    name: 'a new API test',
    change: write('rust/services/app/api/more.http', 'GET /more\n'),
    misses: testApi(),
  },
  {
    name: 'the environment of API tests',
    change: edit('rust/services/app/api/http-client.env.json', 'anna', 'otto'),
    misses: testApi(),
  },
  {
    name: 'a .env of API tests that git ignores',
    change: write('rust/services/app/api/.env', 'user=otto\n'),
    misses: testApi(),
  },
  {
    name: 'a migration of a needed service',
    change: write('schema/peer/20260201000000_more.sql', 'CREATE TABLE more (id INT);\n'),
    misses: testApi(),
    short: true,
  },
  {
    name: 'the .env of a needed service',
    change: write('rust/services/peer/.env', 'PEER_LIMIT=5\n'),
    misses: [...test('peer'), ...testApi()],
  },
  {
    name: 'the version of a compose service that is needed',
    change: edit('docker-compose.yml', 'mailpit:v1.20', 'mailpit:v1.21'),
    misses: testApi(),
    short: true,
  },
  {
    name: 'the version of another compose service',
    change: edit('docker-compose.yml', 'grafana:11.3.0', 'grafana:11.4.0'),
    misses: [],
  },
  {
    name: 'a comment in docker-compose.yml',
    change: append('docker-compose.yml', '# A comment.\n'),
    misses: [],
  },
  {
    name: 'the major version of PostgreSQL',
    change: both(
      tool('postgres', 'postgres (PostgreSQL) 16.1\n'),
      tool('initdb', 'initdb (PostgreSQL) 16.1\n'),
    ),
    misses: [...test('app'), ...testApi()],
  },
  {
    name: 'a minor version of PostgreSQL',
    change: both(
      tool('postgres', 'postgres (PostgreSQL) 15.5\n'),
      tool('initdb', 'initdb (PostgreSQL) 15.5\n'),
    ),
    misses: [],
  },
  {
    name: 'the major version of Redis',
    change: tool(
      'redis-server',
      'Redis server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=0\n',
    ),
    misses: testApi(),
  },
  {
    name: 'who provides the servers',
    change: env({ RUST_PLATFORM_PROVIDERS: 'docker' }),
    misses: [...test('app'), ...testApi()],
  },
  { name: 'the health URL of a service', change: describe('health = "/ready"'), misses: testApi() },
  { name: 'how long a service may take to start', change: describe('start-timeout = 30'), misses: testApi() },
  { name: 'how long a service may take to stop', change: describe('grace-period = 5'), misses: testApi() },
  {
    name: 'which of its binaries a service runs',
    given: both(write('rust/services/app/src/bin/second.rs', 'fn main() {}\n'), describe('binary = "app"')),
    change: edit(APP, 'binary = "app"', 'binary = "second"'),
    misses: testApi(),
  },
  {
    name: 'a compose service that is needed no longer',
    change: edit(APP, '"postgres", "mailer"', '"postgres"'),
    misses: testApi(),
  },
  {
    name: 'where the migrations of a needed service lie, although all of them are the same files',
    change: edit('rust/services/peer/Cargo.toml', 'schema/peer"', 'schema"'),
    misses: testApi(),
  },
  { name: 'the version of the runner of .http files', change: upgradeRunner, misses: testApi() },
  {
    name: 'scenarios of a bench',
    change: append('rust/services/app/bench/scenarios.toml', '# more\n'),
    misses: [],
  },
];
