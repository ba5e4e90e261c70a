import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAYOUTS } from '../testing/cargo-layouts';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { binary, library, writeFiles } from '../testing/write-files';
import { loadServiceModel } from './load-service-model';
import { DEFAULT_OPTIONS, type PlatformOptions } from './platform-options';
import type { RustCrate, ServiceModel } from './service-model';

jest.setTimeout(60_000);

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder('model');
});
afterEach(() => folder.remove());

/** Without cargo: quick, and equal to cargo's answer by read-cargo-workspaces.spec.ts. */
async function model(
  files: Record<string, string>,
  options: Partial<PlatformOptions> = {},
): Promise<ServiceModel> {
  await writeFiles(folder.path, { 'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n', ...files });
  const loaded = await loadServiceModel({
    workspaceRoot: folder.path,
    options: { ...DEFAULT_OPTIONS, ...options },
    env: { PATH: '' },
  });
  return { ...loaded, problems: loaded.problems.filter(({ code }) => code !== 'cargo-missing') };
}

const crateOf = ({ crates }: ServiceModel, project: string): RustCrate => {
  const found = crates.find((crate) => crate.project === project);
  if (!found) throw new Error(`no crate ${project} among ${crates.map((crate) => crate.project).join(', ')}`);
  return found;
};
const service = (name: string, toml = '') => binary(`crates/${name}`, name, toml);
const WEB = '[dependencies]\naxum = "0.8"\n';
const METADATA = '[package.metadata.rust-platform]\n';
const said = ({ problems }: ServiceModel) =>
  problems.map(({ file, line, what, severity }) => `${severity} ${file}:${line}: ${what}`);

describe('a service by evidence', () => {
  it('has a binary and a web framework among its direct dependencies', async () => {
    const found = await model({
      ...service('web', WEB),
      ...service('tool', '[dependencies]\nclap = "4"\n'),
      ...library('crates/lib', 'lib', WEB),
      ...service('tested', '[dev-dependencies]\naxum = "0.8"\n'),
      ...service('client', '[dependencies]\nhyper = { version = "1", features = ["client"] }\n'),
      ...service('raw', '[dependencies]\nhyper = { version = "1", features = ["server"] }\n'),
      ...service('optional', '[dependencies]\naxum = { version = "0.8", optional = true }\n'),
      ...service(
        'switched',
        '[features]\ndefault = ["http"]\nhttp = ["dep:axum"]\n[dependencies]\naxum = { version = "0.8", optional = true }\n',
      ),
      ...service('renamed', '[dependencies]\nweb = { package = "actix-web", version = "4" }\n'),
    });
    expect(found.problems).toEqual([]);
    expect(found.crates.filter((crate) => crate.service).map(({ project }) => project)).toEqual([
      'raw',
      'renamed',
      'switched',
      'web',
    ]);
    expect(crateOf(found, 'web')).toMatchObject({
      root: 'crates/web',
      manifest: 'crates/web/Cargo.toml',
      cargoRoot: '.',
      targetDirectory: join(folder.path, 'target'),
      binaries: ['web'],
      hasLibrary: false,
      service: {
        binary: 'web',
        health: '/health',
        gracePeriod: 10,
        startTimeout: 60,
        needs: [],
        evidence: ['service: [[bin]] web, axum in [dependencies]'],
        portSource: 'name',
      },
    });
  });

  it.each([
    ['called like the package', { 'crates/web/src/bin/extra.rs': 'fn main() {}' }, '', 'web'],
    [
      'named default-run',
      { 'crates/web/src/bin/extra.rs': 'fn main() {}' },
      'default-run = "extra"\n',
      'extra',
    ],
    [
      'named in the metadata',
      { 'crates/web/src/bin/extra.rs': 'fn main() {}' },
      `${METADATA}binary = "extra"\n`,
      'extra',
    ],
    [
      'that needs no feature',
      { 'crates/web/src/bin/x.rs': 'fn main() {}' },
      '[[bin]]\nname = "web"\nrequired-features = ["f"]\n[features]\nf = []\n',
      'x',
    ],
  ])('runs the binary %s', async (_what, files, toml, expected) => {
    const found = await model({ ...service('web', toml + WEB), ...files });
    expect(found.problems).toEqual([]);
    expect(crateOf(found, 'web').service?.binary).toBe(expected);
  });

  it('asks when several binaries could be it', async () => {
    const files = library('crates/web', 'web', WEB);
    const found = await model({
      ...files,
      'crates/web/src/bin/one.rs': 'fn main() {}',
      'crates/web/src/bin/two.rs': 'fn main() {}',
    });
    expect(crateOf(found, 'web').service).toBeUndefined();
    expect(found.problems).toMatchObject([
      {
        file: 'crates/web/Cargo.toml',
        line: 1,
        severity: 'inference',
        fix: expect.stringContaining('binary = "one"'),
      },
    ]);
  });

  it('is switched off and on by metadata', async () => {
    const found = await model({
      ...service('off', `${WEB}${METADATA}service = false\n`),
      ...service('on', `${METADATA}service = true\n`),
      ...service('claimed', `${METADATA}port = 8100\n`),
    });
    expect(found.problems).toEqual([]);
    expect(found.crates.filter((crate) => crate.service).map(({ project }) => project)).toEqual([
      'claimed',
      'on',
    ]);
  });
});

describe('needs by evidence', () => {
  it.each([
    ['sqlx with postgres', 'sqlx = { version = "0.8", features = ["postgres"] }', ['postgres']],
    ['sqlx without a driver of its own', 'sqlx = "0.8"', ['postgres']],
    ['sqlx with sqlite only', 'sqlx = { version = "0.8", features = ["sqlite"] }', []],
    [
      'sqlx with sqlite and postgres',
      'sqlx = { version = "0.8", features = ["sqlite", "postgres"] }',
      ['postgres'],
    ],
    ['sea-orm with mysql only', 'sea-orm = { version = "1", features = ["sqlx-mysql"] }', []],
    ['diesel', 'diesel = { version = "2", features = ["postgres"] }', ['postgres']],
    ['tokio-postgres renamed', 'db = { package = "tokio-postgres", version = "0.7" }', ['postgres']],
    ['deadpool-redis and fred', 'deadpool-redis = "0.18"\nfred = "9"', ['redis']],
    ['both', 'redis = "1"\nsqlx = "0.8"', ['postgres', 'redis']],
    ['none', 'serde = "1"', []],
  ])('%s', async (_what, dependencies, expected) => {
    const found = await model(service('web', `${WEB}${dependencies}\n`));
    expect(crateOf(found, 'web').service?.needs.map(({ kind }) => kind)).toEqual(expected);
  });

  it('follows the features that a crate forwards to sqlx', async () => {
    const forwarding = '[features]\ndefault = ["lite"]\nlite = ["sqlx/sqlite"]\n';
    expect(
      crateOf(await model(service('web', `${WEB}sqlx = "0.8"\n${forwarding}`)), 'web').service?.needs,
    ).toEqual([]);
  });

  it('sees migrations, API tests and scenarios', async () => {
    const found = await model({
      ...service('web', WEB),
      'crates/web/migrations/20260101_init.sql': '',
      'crates/web/api/b.http': '',
      'crates/web/api/deep/a.http': '',
      'crates/web/api/README.md': '',
      'crates/web/bench/scenarios.toml': '',
      ...service('other', WEB),
      'crates/other/migrations/2026-01-01-000000_init/up.sql': '',
    });
    expect(crateOf(found, 'web').service).toMatchObject({
      migrations: 'crates/web/migrations',
      apiTests: ['crates/web/api/b.http', 'crates/web/api/deep/a.http'],
      scenarios: 'crates/web/bench/scenarios.toml',
    });
    expect(crateOf(found, 'other').service?.migrations).toBeUndefined();
  });
});

describe('metadata', () => {
  it('says everything about a service', async () => {
    const found = await model({
      ...service(
        'web',
        `${WEB}redis = "1"\n${METADATA}args = ["--serve"]\nport = 9000\nneeds = ["postgres", "peer", "queue"]\nhealth = "/up"\nmigrations = "../db"\napi-tests = "http"\nscenarios = "load.toml"\ngrace-period = 3.5\nstart-timeout = 20\n[package.metadata.rust-platform.env]\nLISTEN = "{host}:{port}"\n`,
      ),
      'crates/web/http/x.http': '',
      'crates/web/load.toml': '',
      'crates/db/1_x.sql': '',
      ...service('peer', WEB),
      'docker-compose.yml': 'services:\n  queue: {}\n',
    });
    expect(said(found)).toEqual([]);
    expect(crateOf(found, 'web').service).toEqual({
      binary: 'web',
      args: ['--serve'],
      port: 9000,
      portSource: 'metadata',
      health: '/up',
      needs: [
        { kind: 'postgres' },
        { kind: 'service', project: 'peer' },
        { kind: 'compose', service: 'queue' },
      ],
      evidence: [
        'service: [[bin]] web, axum in [dependencies]',
        'needs: crates/web/Cargo.toml says postgres, peer, queue',
      ],
      env: { LISTEN: '{host}:{port}' },
      migrations: 'crates/db',
      apiTests: ['crates/web/http/x.http'],
      scenarios: 'crates/web/load.toml',
      gracePeriod: 3.5,
      startTimeout: 20,
    });
  });

  it('is refused with every mistake, its line and the nearest name, and the rest is kept', async () => {
    const found = await model(
      service(
        'web',
        [
          WEB,
          METADATA.trim(),
          'prot = 8080',
          'port = 99999',
          'needs = "postgres"',
          'health = "health"',
          'grace-period = 0',
          'test-needs = ["mysql"]',
          'migrations = "gone"',
          'args = ["ok"]',
          '[package.metadata.rust-platform.env]',
          'GOOD = "{port}"',
          'URL = "{postgres.ulr}"',
          'COUNT = 3',
          '"A B" = "x"',
        ].join('\n'),
      ),
    );
    const at = 'inference crates/web/Cargo.toml';
    const key = 'package.metadata.rust-platform';
    expect(said(found)).toEqual([
      `${at}:9: ${key}.prot: there is no option prot: did you mean port?`,
      `${at}:10: ${key}.port: expected a port from 1 to 65535, not 99999`,
      `${at}:11: ${key}.needs: expected a list of texts, not "postgres"`,
      `${at}:12: ${key}.health: expected the path of a URL such as /health, not "health"`,
      `${at}:13: ${key}.grace-period: expected seconds, more than 0 and at most 3600, not 0`,
      `${at}:14: ${key}.test-needs: expected postgres or redis, not "mysql"`,
      `${at}:19: ${key}.env.URL: there is no {postgres.ulr}: did you mean postgres.url?`,
      `${at}:20: ${key}.env.COUNT: expected a text such as "{host}:{port}", not 3`,
      `${at}:21: ${key}.env.A B: "A B" is no name of an environment variable`,
      `${at}:15: ${key}.migrations: crates/web/gone does not exist in this repository`,
    ]);
    expect(crateOf(found, 'web').service).toMatchObject({ args: ['ok'], health: '/health' });
  });

  it('refuses needs that are nothing, itself, no service, or a circle', async () => {
    const found = await model({
      ...service('a', `${WEB}${METADATA}needs = ["b", "postgers"]\n`),
      ...service('b', `${WEB}${METADATA}needs = ["c"]\n`),
      ...service('c', `${WEB}${METADATA}needs = ["a", "lib"]\n`),
      ...service('d', `${WEB}${METADATA}needs = ["d"]\n`),
      ...library('crates/lib', 'lib'),
    });
    expect(found.problems.map(({ file, what }) => `${file} ${what.replace(/^[^:]*: /, '')}`)).toEqual([
      'crates/a/Cargo.toml there is nothing called postgers: did you mean postgres?',
      'crates/d/Cargo.toml d cannot need itself',
      'crates/c/Cargo.toml lib is a crate, but no service',
      'crates/a/Cargo.toml services need one another in a circle: a → b → c → a',
    ]);
  });

  it('is overridden by the plugin options, whose mistakes are shown in nx.json', async () => {
    const services = { web: { port: 8200, healht: '/x' }, wbe: {} };
    await writeFile(
      join(folder.path, 'nx.json'),
      `{\n  // ours\n  "plugins": [{ "plugin": "rust-platform-plugin", "options": {\n    "services": {\n      "web": { "port": 8200,\n        "healht": "/x" },\n      "wbe": {}\n    } } }]\n}\n`,
    );
    const found = await model(service('web', `${WEB}${METADATA}port = 8100\nargs = ["x"]\n`), { services });
    expect(crateOf(found, 'web').service).toMatchObject({ port: 8200, portSource: 'options', args: ['x'] });
    expect(said(found)).toEqual([
      'inference nx.json:6: services.web.healht: there is no option healht: did you mean health?',
      'inference nx.json:7: services.wbe: there is no crate wbe: did you mean web?',
    ]);
  });
});

describe('ports', () => {
  it('depend on the name alone', async () => {
    const alone = crateOf(await model(service('orders', WEB)), 'orders').service?.port;
    const among = crateOf(await model({ ...service('billing', WEB), ...service('users', WEB) }), 'orders')
      .service?.port;
    expect(alone).toBe(among);
    expect(alone).toBeGreaterThanOrEqual(8000);
    expect(alone).toBeLessThan(9000);
  });

  it('collide with a request for the port of the one that has none', async () => {
    const taken = crateOf(await model(service('orders', WEB)), 'orders').service?.port;
    const found = await model(service('zebra', `${WEB}${METADATA}port = ${taken}\n`));
    expect(found.problems).toMatchObject([
      { code: 'port-collision', file: 'crates/orders/Cargo.toml', line: 1, severity: 'inference' },
    ]);
    expect(found.problems[0]?.what).toContain(`port ${taken} is already that of zebra`);
    expect(found.problems[0]?.fix).toContain(`port = ${Number(taken) + 1}`);
  });
});

describe('tests need servers', () => {
  const SQLX = 'sqlx = { version = "0.8", features = ["postgres"] }\n';
  it.each<[string, string, Record<string, string>, string[]]>([
    ['a client among the dev-dependencies', `[dev-dependencies]\nredis = "1"\n`, {}, ['redis']],
    [
      'integration tests of a crate that uses it',
      `[dependencies]\n${SQLX}redis = "1"\n`,
      { 'crates/x/tests/api.rs': '' },
      ['postgres', 'redis'],
    ],
    ['no tests of that kind', `[dependencies]\n${SQLX}`, {}, []],
    [
      'unit tests with sqlx::test',
      `[dependencies]\n${SQLX}`,
      { 'crates/x/src/db.rs': '#[sqlx::test]\nasync fn works() {}' },
      ['postgres'],
    ],
    [
      'metadata against the evidence',
      `[dev-dependencies]\nredis = "1"\n${METADATA}test-needs = []\n`,
      {},
      [],
    ],
    ['metadata without evidence', `${METADATA}test-needs = ["postgres"]\n`, {}, ['postgres']],
  ])('%s', async (_what, toml, files, expected) => {
    const found = await model({ ...library('crates/x', 'x', toml), ...files });
    expect(crateOf(found, 'x').testNeeds).toEqual(expected);
  });
});

describe('the crates', () => {
  it('are the same by cargo and by manifests, for every layout', async () => {
    for (const [layout, files] of Object.entries(LAYOUTS)) {
      const place = await temporaryFolder('layout');
      await writeFiles(place.path, files);
      const load = (env: NodeJS.ProcessEnv) =>
        loadServiceModel({ workspaceRoot: place.path, options: DEFAULT_OPTIONS, env });
      const [byCargo, byManifests] = [await load(process.env), await load({ PATH: '' })];
      expect({ layout, crates: byManifests.crates }).toEqual({ layout, crates: byCargo.crates });
      await place.remove();
    }
  });

  it('are called by their folder when a name occurs twice, and as project.json says', async () => {
    const found = await model({
      'one/Cargo.toml': '[workspace]\nmembers = ["api"]\n',
      ...library('one/api', 'api'),
      'two/Cargo.toml': '[workspace]\nmembers = ["deep/api"]\n',
      ...library('two/deep/api', 'api'),
      ...library('crates/plain', 'plain'),
      'crates/plain/project.json': '{ /* ours */ "name": "fancy" }',
    });
    expect(found.crates.map(({ project, root }) => `${project} ${root}`)).toEqual([
      'fancy crates/plain',
      'one-api one/api',
      'two-deep-api two/deep/api',
    ]);
  });

  it('know which dev-dependency closes a cycle, and paths that lead outside', async () => {
    const files = LAYOUTS['dev-dependency cycle'] ?? {};
    const found = await model({
      ...files,
      ...library('c', 'c', '[dependencies]\nb = { path = "../b" }\nfar = { path = "../../far" }'),
    });
    expect(found.crates.map(({ project, dependencies }) => ({ project, dependencies }))).toEqual([
      { project: 'a', dependencies: [{ project: 'b', kinds: ['dev'], closesCycle: true }] },
      { project: 'b', dependencies: [{ project: 'a', kinds: ['normal'], closesCycle: false }] },
      { project: 'c', dependencies: [{ project: 'b', kinds: ['normal'], closesCycle: false }] },
    ]);
    expect(crateOf(found, 'c').externalPathDependencies).toEqual([join(folder.path, '../far')]);
  });

  it('say what is wrong with cargo as a matter of the tasks', async () => {
    await writeFiles(folder.path, library('one', 'one'));
    const { problems } = await loadServiceModel({ workspaceRoot: folder.path, env: { PATH: '' } });
    expect(problems).toMatchObject([{ code: 'cargo-missing', file: 'one/Cargo.toml', severity: 'task' }]);
  });
});
