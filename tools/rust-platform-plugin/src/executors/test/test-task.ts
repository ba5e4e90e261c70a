import { createRequire } from 'node:module';
import { testCrate, type TestRun, type TestServers } from '../../engines/cargo/test-crate';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { compilerSetupOf } from '../cargo-setup-of';
import type { Outcome, TaskContext } from '../task-context';
import type { TaskDefinition } from '../task-definition';
import { verification } from '../verification';
import schema from './schema.json';
import { removeTestReport, writeTestReport } from './write-test-report';

/** `test`: unit, integration and doc tests of one crate. */
export const TEST: TaskDefinition = { target: 'test', schema, work: testTask };

/** The clients of the servers take longer to load than most tests to run. */
const load = createRequire(__filename);

/** In the notes; the JUnit report has them all. */
const SHOWN_FAILURES = 10;

async function testTask(task: TaskContext): Promise<Outcome> {
  await removeTestReport(task);
  const { verify, unkept } = verification(task);
  const run = await testCrate({
    ...(await compilerSetupOf(task)),
    sharesBinaryName: sharesBinaryName(task.crate, task.model),
    startServers: () => startServers(task),
    verify,
  });
  const file = await writeTestReport(task, run.suites);
  return {
    status: run.counts.failed > 0 ? 'failed' : 'passed',
    headline: headline(run),
    notes: notesOf(run),
    unkept,
    files: [file],
    data: { runner: run.runner, ...run.counts, doc: run.doc },
  };
}

async function startServers(task: TaskContext): Promise<TestServers> {
  const { workspaceRoot, options, project, crate, run, report, signal, env } = task;
  if (crate.testNeeds.length === 0) return { env: {}, release: async () => undefined };
  const { startTestServers } = load(
    '../../engines/cargo/test-servers',
  ) as typeof import('../../engines/cargo/test-servers');
  const { allowsRemote } = load(
    '../service-stack/refuse-remote-servers',
  ) as typeof import('../service-stack/refuse-remote-servers');
  const servers = {
    needs: crate.testNeeds,
    holder: run.holder,
    env,
    allowRemote: allowsRemote(undefined, env),
  };
  return startTestServers({ workspaceRoot, options, project, report, signal, ...servers });
}

/** `24 passed (2 doc), 0 failed, 1 ignored`. */
export function headline({ counts, doc }: Pick<TestRun, 'counts' | 'doc'>): string {
  if (counts.passed + counts.failed + counts.ignored === 0) return 'no tests';
  const docTests = doc.passed > 0 ? ` (${doc.passed} doc)` : '';
  return `${counts.passed} passed${docTests}, ${counts.failed} failed, ${counts.ignored} ignored`;
}

function notesOf({ suites, counts, notes }: TestRun): string[] {
  const failed = suites.flatMap(({ name, cases }) =>
    cases
      .filter(({ status }) => status === 'failed' || status === 'error')
      .map(
        (testCase) => `failed: ${name} ${testCase.name}${testCase.message ? `: ${testCase.message}` : ''}`,
      ),
  );
  const more = failed.length - SHOWN_FAILURES;
  const shown = [...failed.slice(0, SHOWN_FAILURES), ...(more > 0 ? [`failed: ${more} more tests`] : [])];
  const none = counts.passed + counts.failed === 0 ? ['no test of this crate ran'] : [];
  return [...shown, ...none, ...notes];
}

/** Two crates with a binary of the same name write the same file of the target directory. */
export function sharesBinaryName(crate: RustCrate, model: ServiceModel): boolean {
  return model.crates.some(
    (other) =>
      other.manifest !== crate.manifest &&
      other.targetDirectory === crate.targetDirectory &&
      other.binaries.some((name) => crate.binaries.includes(name)),
  );
}
