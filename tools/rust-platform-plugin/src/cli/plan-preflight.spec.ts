import { DEFAULT_OPTIONS } from '../service-model/platform-options';
import { testCrate, testModel, testService } from '../testing/service-models';
import { bench } from './commands/bench';
import { dbMigrate } from './commands/db-migrate';
import { lintRust } from './commands/lint-rust';
import { serve } from './commands/serve';
import { test as testCommand } from './commands/test';
import { testing } from './commands/testing';
import { planPreflight } from './plan-preflight';
import type { RunCommand } from './run-command';

function plan(command: RunCommand, projects: string[] = [], model = testModel()) {
  const world = { workspaceRoot: '/w', model, options: DEFAULT_OPTIONS, env: {}, allowRemote: false };
  return planPreflight({ ...world, needs: command.needs, projects });
}

test('a bench surely needs the servers of its services, and of the services that those need', () => {
  expect(plan(bench, ['gateway'])).toMatchObject({
    cargoRoots: [{ folder: '/w/services', lockFile: 'services/Cargo.lock' }],
    servers: [
      { kind: 'redis', required: true },
      { kind: 'postgres', required: true },
    ],
    tools: { clippy: false, rustfmt: false, nextest: false, audit: false },
    ports: [],
  });
});

test('tests may all be cached', () => {
  expect(plan(testCommand)).toMatchObject({
    servers: [{ kind: 'postgres', required: false }],
    tools: { nextest: true, audit: false },
  });
});

test('testing needs all of it', () => {
  expect(plan(testing)).toMatchObject({
    servers: [
      { kind: 'postgres', required: true },
      { kind: 'redis', required: true },
    ],
    tools: { clippy: true, rustfmt: true, nextest: true, audit: true },
  });
});

test('migrations need PostgreSQL alone, and no cargo', () => {
  expect(plan(dbMigrate)).toMatchObject({ cargoRoots: [], servers: [{ kind: 'postgres', required: true }] });
  expect(plan(dbMigrate, ['gateway']).servers).toEqual([]);
});

test('serve needs the ports of the chosen services', () => {
  expect(plan(serve, ['gateway']).ports).toEqual([{ port: 8102, service: 'gateway' }]);
  expect(plan(serve).ports).toHaveLength(2);
});

test('a project that is not Rust needs nothing', () => {
  expect(plan(lintRust, ['web'])).toMatchObject({ cargoRoots: [], servers: [], ports: [] });
});

test('services that need each other are no endless loop', () => {
  const a = testCrate('a', { service: testService({ needs: [{ kind: 'service', project: 'b' }] }) });
  const b = testCrate('b', {
    service: testService({ needs: [{ kind: 'service', project: 'a' }, { kind: 'redis' }] }),
  });
  expect(plan(bench, ['a'], { crates: [a, b], problems: [] }).servers).toEqual([
    { kind: 'redis', required: true },
  ]);
});
