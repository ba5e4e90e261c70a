import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AggregateCreateNodesError,
  CreateNodesResultArray,
  ProjectConfiguration,
  TargetConfiguration,
} from '@nx/devkit';
import { listManifests } from '../cargo/list-manifests';
import { LAYOUTS } from '../testing/cargo-layouts';
import { temporaryFolder, type TemporaryFolder } from '../testing/temporary-folder';
import { binary, library, writeFiles } from '../testing/write-files';
import { inferProjects } from './create-nodes';
import type { Selection } from './selection/selection';

jest.setTimeout(60_000);

let folder: TemporaryFolder;
let path: string | undefined;

beforeEach(async () => {
  folder = await temporaryFolder('nodes');
  path = process.env['PATH'];
});
afterEach(async () => {
  process.env['PATH'] = path;
  await folder.remove();
});

/** Most cases need no cargo: without it the manifests are read, in a tenth of the time. */
const withoutCargo = () => {
  process.env['PATH'] = '/nonexistent';
};

const WEB = '[dependencies]\naxum = "0.8"\n';
const PLATFORM: Record<string, string> = {
  'services/Cargo.toml': '[workspace]\nresolver = "3"\nmembers = ["kit", "links", "gateway", "tool"]\n',
  ...library('services/kit', 'kit'),
  ...binary(
    'services/links',
    'links',
    `description = "Short links"\n${WEB}sqlx = { version = "0.8", features = ["postgres"] }\nredis = "1"\nkit = { path = "../kit" }`,
  ),
  'services/links/migrations/1_init.sql': '',
  'services/links/api/links.http': '',
  ...binary(
    'services/gateway',
    'gateway',
    `${WEB}[package.metadata.rust-platform]\nneeds = ["links"]\nport = 8080\n`,
  ),
  ...binary('services/tool', 'tool', '[dev-dependencies]\nkit = { path = "../kit" }'),
};

async function infer(files: Record<string, string>, options?: unknown): Promise<CreateNodesResultArray> {
  await writeFiles(folder.path, files);
  const manifests = listManifests(folder.path);
  const context = { workspaceRoot: folder.path, nxJsonConfiguration: {} };
  const none = async (): Promise<Selection> => ({ kind: 'none' });
  return inferProjects(manifests, options, context, none);
}

const projectsOf = (results: CreateNodesResultArray) =>
  Object.fromEntries(
    results.flatMap(([, { projects = {} }]) =>
      Object.values(projects).map((project) => [project.name, project]),
    ),
  ) as Record<string, ProjectConfiguration>;

/** With what the names stand for. */
const withNamed = (inputs: TargetConfiguration['inputs'] = [], crate: ProjectConfiguration): unknown[] =>
  inputs.flatMap((input) => [
    input,
    ...(typeof input === 'string' && crate.namedInputs?.[input]
      ? withNamed(crate.namedInputs[input], crate)
      : []),
  ]);
const project = async (name: string, files = PLATFORM, options?: unknown) => {
  const found = projectsOf(await infer(files, options))[name];
  if (!found) throw new Error(`no project ${name}`);
  return found;
};

const failure = async (
  files: Record<string, string>,
  options?: unknown,
): Promise<AggregateCreateNodesError> => {
  try {
    await infer(files, options);
  } catch (error) {
    return error as AggregateCreateNodesError;
  }
  throw new Error('it was accepted');
};

describe('targets', () => {
  beforeEach(withoutCargo);

  it.each([
    ['kit', ['audit', 'build', 'check', 'clippy', 'lint-rust', 'rustfmt', 'test']],
    ['tool', ['audit', 'build', 'check', 'clippy', 'lint-rust', 'rustfmt', 'test']],
    [
      'links',
      [
        'audit',
        'bench',
        'build',
        'check',
        'clippy',
        'db-migrate',
        'deps',
        'lint-rust',
        'rustfmt',
        'serve',
        'test',
        'test-api',
        'test-api-live',
        'testing',
        'testing-bench',
      ],
    ],
    [
      'gateway',
      [
        'audit',
        'bench',
        'build',
        // The first crate of its Cargo workspace has it for all of them.
        'cargo-selection',
        'check',
        'clippy',
        'lint-rust',
        'rustfmt',
        'serve',
        'test',
        'testing',
        'testing-bench',
      ],
    ],
  ])('%s has those of its kind', async (name, expected) => {
    expect(Object.keys((await project(name)).targets ?? {}).sort()).toEqual(expected);
  });

  it('are ordered by what they consume, needed services included', async () => {
    const { targets = {} } = await project('gateway');
    const links = (target: string) => ({ projects: ['links'], target });
    expect(targets['serve']).toMatchObject({
      continuous: true,
      readyWhen: { signal: true },
      dependsOn: ['build', { ...links('serve'), waitFor: 'ready' }],
    });
    expect(targets['bench']?.dependsOn).toEqual(['build', links('build')]);
    expect(targets['testing-bench']?.dependsOn).toEqual(['build', links('build')]);
    expect(targets['lint-rust']?.dependsOn).toEqual(['clippy', 'rustfmt', 'audit']);
    expect(targets['testing']?.dependsOn).toEqual([
      'build',
      'test',
      'testing-bench',
      'clippy',
      'rustfmt',
      'audit',
      'lint-rust',
    ]);
    for (const name of ['build', 'test', 'clippy', 'rustfmt', 'audit'])
      expect(targets[name]?.dependsOn).toBeUndefined();
  });

  it('have options that no metadata changes, since a changed option misses every cached task of the project', async () => {
    const options = ({ targets = {} }: ProjectConfiguration) =>
      Object.fromEntries(
        Object.entries(targets).map(([name, target]) => [
          name,
          [target.executor, target.options, target.outputs, target.configurations],
        ]),
      );
    const before = options(await project('links'));
    const changed = `${PLATFORM['services/links/Cargo.toml']}[package.metadata.rust-platform]\nport = 9999\nhealth = "/x"\nargs = ["a"]\ngrace-period = 1\n`;
    const after = await project('links', { ...PLATFORM, 'services/links/Cargo.toml': changed });
    expect(options(after)).toEqual(before);
    expect(after.namedInputs).toEqual((await project('links')).namedInputs);
    expect(after.targets?.['serve']?.metadata?.description).toContain('port 9999');
  });

  it('keep to the rules: no exclusive target, no npm packages in a key, reports restored, help everywhere', async () => {
    const cached = ['build', 'check', 'clippy', 'rustfmt', 'test', 'test-api'];
    for (const crate of Object.values(projectsOf(await infer(PLATFORM)))) {
      const { name, targets = {}, metadata } = crate;
      const groups = Object.values(metadata?.targetGroups ?? {})
        .flat()
        .sort();
      expect(groups).toEqual(Object.keys(targets).sort());
      for (const [id, target] of Object.entries(targets)) {
        const where = `${name}:${id}`;
        expect([where, target.parallelism]).toEqual([where, undefined]);
        expect([where, target.cache ?? false]).toEqual([where, cached.includes(id)]);
        const inputs = withNamed(target.inputs, crate);
        expect(inputs).toContainEqual({ externalDependencies: [] });
        expect(target.metadata).toMatchObject({
          description: expect.stringMatching(/.\.|.:/),
          help: { command: `npx nx run ${where} --help`, example: expect.any(Object) },
        });
        if (target.cache) {
          expect(target.outputs).toContain(`{workspaceRoot}/reports/{projectName}/${id}.*`);
          expect(JSON.stringify(inputs)).toMatch(
            new RegExp(`"RUST_PLATFORM_KEY_[A-Z]+_${name?.toUpperCase()}"`),
          );
        }
      }
    }
  });

  it('use folders of the plugin options', async () => {
    const { targets = {} } = await project('links', PLATFORM, {
      distDirectory: 'out',
      reportsDirectory: 'r',
      composeFile: 'c.yml',
    });
    expect(targets['build']?.outputs).toEqual([
      '{workspaceRoot}/out/{projectName}',
      '{workspaceRoot}/r/{projectName}/build.*',
      '{workspaceRoot}/.rust-platform/kept/{projectName}/build/verdict',
    ]);
    expect(targets['deps']?.inputs).toContain('{workspaceRoot}/c.yml');
  });

  it('repeat the inputs of their parts in every aggregate, or `affected` would not select it', async () => {
    const crate = await project('links');
    const { targets = {} } = crate;
    for (const aggregate of ['lint-rust', 'testing']) {
      const parts = (targets[aggregate]?.dependsOn ?? []).map((part) => targets[part as string]);
      const inputs = withNamed(targets[aggregate]?.inputs, crate);
      for (const part of parts) {
        // Stand-ins of the guard: as many as a cached target needs.
        const own = (part?.inputs ?? []).filter(
          (input) => !/RUST_PLATFORM_SELECTION_/.test(JSON.stringify(input)),
        );
        for (const input of own) expect(inputs).toContainEqual(input);
      }
    }
  });

  it('are executed by what executors.json names', async () => {
    const root = join(__dirname, '../..');
    const { executors } = JSON.parse(readFileSync(join(root, 'executors.json'), 'utf8')) as {
      executors: Record<string, { implementation: string; schema: string; description: string }>;
    };
    const used = Object.values(projectsOf(await infer(PLATFORM))).flatMap(({ targets = {} }) =>
      Object.values(targets).map(({ executor = '' }) => executor.replace('rust-platform-plugin:', '')),
    );
    const own = used.filter((name) => name !== 'nx:noop');
    expect([...new Set(own)].sort()).toEqual(Object.keys(executors).sort());
    for (const [name, { implementation, schema, description }] of Object.entries(executors)) {
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
      const source = implementation.replace('./dist/', 'src/').replace(/\.js$/, '.ts');
      expect(() => readFileSync(join(root, source))).not.toThrow();
      expect(JSON.parse(readFileSync(join(root, schema), 'utf8'))).toMatchObject({
        additionalProperties: false,
      });
    }
  });
});

describe('projects', () => {
  it('describe the platform to `nx show project`', async () => {
    withoutCargo();
    expect(await project('gateway')).toMatchObject({
      root: 'services/gateway',
      sourceRoot: 'services/gateway/src',
      projectType: 'application',
      metadata: {
        description: 'Rust service gateway (port 8080, needs links)',
        technologies: ['rust'],
        rustPlatform: {
          package: 'gateway',
          cargoWorkspace: 'services',
          service: {
            port: '8080 (Cargo.toml)',
            needs: ['links'],
            evidence: [
              'service: [[bin]] gateway, axum in [dependencies]',
              'needs: services/gateway/Cargo.toml says links',
            ],
            environment: { variables: ['HOST', 'PORT', 'RUST_LOG', 'LINKS_URL'] },
          },
        },
      },
    });
    expect(await project('kit')).toMatchObject({
      projectType: 'library',
      metadata: { description: 'Rust crate kit' },
    });
  });

  it('come from the manifest of each crate', async () => {
    withoutCargo();
    expect((await infer(PLATFORM)).map(([file]) => file)).toEqual([
      'services/gateway/Cargo.toml',
      'services/kit/Cargo.toml',
      'services/links/Cargo.toml',
      'services/tool/Cargo.toml',
    ]);
  });

  it('are the same with and without cargo', async () => {
    const byCargo = await infer(PLATFORM);
    withoutCargo();
    expect(await infer(PLATFORM)).toEqual(byCargo);
  });

  it('at the root of the repository have only their own folders', async () => {
    withoutCargo();
    const files = { ...LAYOUTS['root package'] };
    delete files['build.rs'];
    const root = await project('root', files);
    expect(root).toMatchObject({ root: '.', sourceRoot: 'src' });
    expect(root.namedInputs?.['rust']).toEqual(
      expect.arrayContaining(['{projectRoot}/*.rs', expect.stringMatching(/^\{projectRoot\}\/\{src,tests,/)]),
    );
    expect(root.namedInputs?.['rust']).not.toContain('{projectRoot}/**/*');
    expect(root.targets?.['build']?.inputs).toContain('rust-build');
    expect(root.namedInputs?.['rust-build']).toContain('rust-dependencies');
    expect(root.namedInputs?.['rust-dependencies']).toContainEqual(
      expect.stringMatching(/^\{workspaceRoot\}\/.*inner\//),
    );
  });

  it('name what they depend on by one file set for all that lie beside each other', async () => {
    withoutCargo();
    const app = await project('app', {
      ...library(
        'app',
        'app',
        '[dependencies]\na = { path = "../libs/a" }\n"b-1" = { path = "../libs/b-1" }\nodd = { path = "../libs/{odd}" }\nc = { path = "../c" }\n[dev-dependencies]\nt = { path = "../libs/t" }',
      ),
      ...library('libs/a', 'a'),
      ...library('libs/b-1', 'b-1'),
      ...library('libs/{odd}', 'odd'),
      ...library('libs/t', 't'),
      ...library('c', 'c', '[lib]\npath = "../elsewhere/c.rs"'),
      'elsewhere/c.rs': '',
    });
    expect(app.namedInputs?.['rust-dependencies']).toEqual([
      '{workspaceRoot}/c/{*.rs,src/**/*}',
      '{workspaceRoot}/libs/{a,b-1}/{*.rs,src/**/*}',
      '{workspaceRoot}/elsewhere/**/*',
      '{workspaceRoot}/libs/{odd}/{*.rs,src/**/*}',
    ]);
    expect(app.namedInputs?.['rust-build']).not.toContainEqual(expect.stringContaining('libs/t'));
    expect(app.namedInputs?.['rust-test']).toContain('{workspaceRoot}/libs/t/{*.rs,src/**/*}');
  });

  it('depend on crates of the repository that are no projects', async () => {
    withoutCargo();
    const files = {
      ...library(
        'app',
        'app',
        '[dependencies]\nx = { path = "../third_party/x" }\n[lib]\npath = "../lib/app.rs"',
      ),
      ...library('third_party/x', 'x'),
      'lib/app.rs': '',
    };
    const app = await project('app', files, { exclude: ['third_party/**'] });
    expect(app.namedInputs?.['rust']).toContain('{workspaceRoot}/lib/**/*');
    expect(app.targets?.['cargo-selection']?.inputs).toContain('{workspaceRoot}/third_party/x/**/*');
  });
});

describe('mistakes', () => {
  beforeEach(withoutCargo);

  it('are thrown with their file, and every good project is kept', async () => {
    const error = await failure({
      ...PLATFORM,
      'services/kit/Cargo.toml': '[package\n',
      'services/tool/Cargo.toml': `${PLATFORM['services/tool/Cargo.toml']}[package.metadata.rust-platform]\nprot = 1\n`,
    });
    expect(error.name).toBe('AggregateCreateNodesError');
    expect(error.errors.map(([file, { message }]) => [file, message.split('\n')[0]])).toEqual([
      [
        'services/kit/Cargo.toml',
        expect.stringMatching(
          /^error\[manifest-unreadable\]: services\/kit\/Cargo\.toml:1: is not valid TOML/,
        ),
      ],
      [
        'services/tool/Cargo.toml',
        expect.stringMatching(
          /^error\[invalid-metadata\]: services\/tool\/Cargo\.toml:\d+: package\.metadata\.rust-platform\.prot: there is no option prot: did you mean port\?/,
        ),
      ],
    ]);
    expect(Object.keys(projectsOf(error.partialResults as CreateNodesResultArray))).toEqual([
      'gateway',
      'links',
      'tool',
    ]);
  });

  it('in the plugin options belong to nx.json, and projects are inferred with the defaults', async () => {
    await writeFiles(folder.path, {
      'nx.json': '{ "plugins": [{ "plugin": "rust-platform-plugin",\n "options": {\n "audti": 1 } }] }',
    });
    const error = await failure(PLATFORM, { audti: 1 });
    expect(error.errors).toEqual([
      [
        'nx.json',
        expect.objectContaining({
          code: 'invalid-options',
          why: expect.stringContaining('nx.json:3: audti'),
        }),
      ],
    ]);
    expect(error.partialResults).toHaveLength(4);
  });

  it('of cargo are none of inference', async () => {
    expect(await infer(PLATFORM)).toHaveLength(4);
  });
});
