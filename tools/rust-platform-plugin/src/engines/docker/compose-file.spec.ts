import { parseComposeFile, type ComposeServer } from './compose-file';
import { interpolate } from './interpolate';
import { composeProject, ownComposeFile } from './own-compose-file';

function servers(text: string, variables: Record<string, string> = {}) {
  return parseComposeFile('docker-compose.yml', text, variables).servers;
}

describe('parseComposeFile', () => {
  it('reads image, ports and credentials in map form', () => {
    const { postgres, redis } = servers(`
services:
  database:
    image: docker.io/library/postgres:17.2-alpine@sha256:abc
    environment: { POSTGRES_USER: ann, POSTGRES_PASSWORD: secret }
    ports: ["127.0.0.1:5434:5432/tcp"]
  cache:
    image: valkey/valkey:8
    command: valkey-server --requirepass "hush"
    ports: [{ target: 6379, published: 6382 }]
`);
    expect(postgres).toMatchObject({
      service: 'database',
      containerPort: 5432,
      publishedPort: 5434,
      user: 'ann',
      password: 'secret',
    });
    expect(redis).toMatchObject({
      service: 'cache',
      containerPort: 6379,
      publishedPort: 6382,
      password: 'hush',
    });
  });

  it('reads lists, anchors and variables with defaults', () => {
    const { postgres } = servers(
      `
x-env: &env { POSTGRES_USER: "\${USER_NAME:-ann}" }
services:
  db:
    image: "postgres:\${PG_VERSION:-17}"
    environment: { <<: *env, POSTGRES_PASSWORD: "$PW" }
    ports: ["\${PG_PORT-5434}:5432"]
`,
      { PW: 'p$w', PG_VERSION: '16' },
    );
    expect(postgres).toMatchObject({
      image: 'postgres:16',
      user: 'ann',
      password: 'p$w',
      publishedPort: 5434,
    });
    const listed = servers(
      'services: { db: { image: postgis/postgis, environment: [POSTGRES_PASSWORD=a=b, POSTGRES_USER] } }',
      {
        POSTGRES_USER: 'from-shell',
      },
    );
    expect(listed.postgres).toMatchObject({ user: 'from-shell', password: 'a=b', publishedPort: undefined });
  });

  it.each([
    ['prometheuscommunity/postgres-exporter', undefined],
    ['dpage/pgadmin4', undefined],
    ['redis/redisinsight', undefined],
    ['oliver006/redis_exporter:v1', undefined],
    ['registry.example.com:5000/team/postgres:17', 'postgres'],
    ['timescale/timescaledb:latest-pg17', 'postgres'],
    ['redis', 'redis'],
  ])('takes %s for %s', (image, kind) => {
    expect(Object.keys(servers(`services: { x: { image: "${image}" } }`))).toEqual(kind ? [kind] : []);
  });

  it('takes a service that is built by its name, and the first of two', () => {
    const { postgres } = servers('services: { postgres: { build: ./db }, other: { image: "postgres:1" } }');
    expect(postgres).toMatchObject({ service: 'postgres', builds: true, image: undefined });
  });

  it('names file and line of what is no YAML', () => {
    expect(() => servers('services:\n  a: [1\n  b: 2\n')).toThrow(/docker-compose\.yml:\d+ cannot be read/);
    expect(() => servers('just text')).toThrow(/holds no services/);
  });
});

describe('interpolate', () => {
  it.each([
    ['$A-$B', 'a-'],
    ['${A}${C:-x}${EMPTY:-y}${EMPTY-z}', 'axy'],
    ['$$A', '$A'],
    ['${A:+set}${C:+set}', 'set'],
    ['${C:-${A}}', 'a'],
    ['100$', '100$'],
  ])('%s is %s', (text, expected) => {
    expect(interpolate(text, { A: 'a', EMPTY: '' })).toBe(expected);
  });
});

describe('ownComposeFile', () => {
  const file = parseComposeFile(
    'docker-compose.yml',
    `
name: shared
services:
  db:
    image: postgres:17
    container_name: the-database
    profiles: [tools]
    ports: ["5434:5432"]
    labels: [team=a]
    environment: { FLAG: "yes" }
    volumes: ["data:/var/lib/postgresql/data"]
  app: { image: app }
volumes: { data: { name: everybodys }, mine: { external: true, name: kept } }
`,
    {},
  );
  const server = file.servers.postgres as ComposeServer;

  it('holds one server with a port of its own, and nothing that two checkouts would share', () => {
    const own = JSON.parse(ownComposeFile({ file, server, checkoutId: 'abc', port: 15434 })) as Record<
      string,
      unknown
    >;
    expect(own).toEqual({
      services: {
        db: {
          image: 'postgres:17',
          ports: ['127.0.0.1:15434:5432'],
          labels: { team: 'a', 'rust-platform.checkout': 'abc', 'rust-platform.server': 'postgres' },
          environment: { FLAG: 'yes' },
          volumes: ['data:/var/lib/postgresql/data'],
        },
      },
      volumes: { data: {}, mine: { external: true, name: 'kept' } },
    });
  });

  it('has a project name that Compose takes, stable for the checkout', () => {
    expect(composeProject('/home/ann/My Platform_2', '0123456789')).toBe('rp-my-platform-2-01234567');
    expect(composeProject('/', '0123456789')).toBe('rp-workspace-01234567');
  });
});
