import { join } from 'node:path';
import type { TargetConfiguration } from '@nx/devkit';
import { EXIT, PlatformError } from '../../errors';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { writeFiles } from '../../testing/write-files';
import { refuseRun } from './refuse-run';

type Targets = Record<string, TargetConfiguration>;

const ours = (name: string, rest: TargetConfiguration = {}): TargetConfiguration => ({
  executor: `rust-platform-plugin:${name}`,
  parallelism: true,
  ...rest,
});
const PROJECTS: Record<string, { targets: Targets; tags?: string[] }> = {
  links: {
    tags: ['scope:rust'],
    targets: {
      build: ours('build'),
      serve: ours('serve', { continuous: true, dependsOn: ['build'] }),
      testing: ours('aggregate', { dependsOn: ['build', { projects: ['gateway'], target: 'build' }] }),
      migrate: ours('db-migrate', { configurations: { staging: {} } }),
    },
  },
  gateway: { targets: { build: ours('build') } },
  web: {
    targets: {
      build: { executor: 'x:y', parallelism: true },
      dev: { executor: 'x:y', continuous: true, parallelism: true },
      e2e: { executor: 'x:y', parallelism: false },
      check: { executor: 'x:y', parallelism: true, dependsOn: ['^serve', 'e2e'] },
    },
  },
};

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder('refuse');
  const nodes = Object.entries(PROJECTS).map(([name, data]) => [
    name,
    { name, type: 'app', data: { root: `apps/${name}`, ...data } },
  ]);
  const dependencies = { links: [], gateway: [], web: [{ source: 'web', target: 'links', type: 'static' }] };
  await writeFiles(folder.path, {
    '.nx/workspace-data/project-graph.json': JSON.stringify(
      { nodes: Object.fromEntries(nodes), dependencies },
      null,
      2,
    ),
  });
});
afterAll(() => folder.remove());

function refusal(line: string, env: NodeJS.ProcessEnv = {}): PlatformError | undefined {
  try {
    refuseRun({ workspaceRoot: folder.path, argv: ['node', 'nx', ...line.split(' ')], env });
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

it.each([
  [
    'run-many -t serve e2e',
    'links:serve, which keeps running, and web:e2e, which must run alone',
    'npx nx run-many -t e2e',
  ],
  ['run web:check', 'links:serve, which keeps running, and web:e2e', 'npx nx run-many -t serve'],
  ['affected -t serve e2e', 'links:serve', 'npx nx run-many -t e2e'],
])('%s would drop tasks', (line, what, fix) => {
  expect(refusal(line)).toMatchObject({
    code: 'dropped-tasks',
    exitCode: EXIT.usage,
    what: expect.stringContaining(what),
  });
  expect(refusal(line)?.fix).toContain(fix);
});

it.each([
  [
    'run links:testing --dry-run',
    'gateway:build and links:build would run for real',
    'npx rust-platform testing links --dry-run',
  ],
  [
    'run-many -t serve --dry-run',
    'links:build would run for real',
    'npx rust-platform serve links --dry-run',
  ],
])('%s would not be dry', (line, what, fix) => {
  expect(refusal(line)).toMatchObject({
    code: 'dry-run-of-chain',
    exitCode: EXIT.usage,
    what: expect.stringContaining(what),
    fix: [fix],
  });
});

it.each([
  [
    'run-many -t build -c stagng',
    'none of links:build, gateway:build and 1 more has a configuration stagng',
    'leave stagng away: these targets have none',
  ],
  ['run links:migrate:stagng', 'none of links:migrate has a configuration stagng', 'use one of staging'],
])('%s is a configuration that nobody has', (line, what, fix) => {
  expect(refusal(line)).toMatchObject({
    code: 'unknown-configuration',
    exitCode: EXIT.usage,
    what,
    fix: [fix],
  });
});

it.each([
  ['run-many -t serve', 'no exclusive task'],
  ['run-many -t serve e2e -p links', 'the exclusive task is of another project'],
  ['run-many -t serve e2e --exclude web', 'the exclusive task is left out'],
  ['run-many -t serve e2e -p tag:scope:*', 'only the tagged project is asked'],
  ['run-many -t dev e2e', 'nothing of it is ours'],
  ['run links:migrate --dry-run', 'a target without dependencies'],
  ['run links:migrate -c staging', 'a configuration that it has'],
  ['run web:build -c nope', 'nothing of it is ours'],
  ['show projects', 'it runs nothing'],
])('%s is fine: %s', (line) => {
  expect(refusal(line)).toBeUndefined();
});

it('lets everything pass when Nx keeps no graph', () => {
  expect(
    refusal('run-many -t serve e2e', { NX_WORKSPACE_DATA_DIRECTORY: join(folder.path, 'elsewhere') }),
  ).toBeUndefined();
});
