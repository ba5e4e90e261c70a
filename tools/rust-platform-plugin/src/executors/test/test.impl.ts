import type { ExecutorContext } from '@nx/devkit';
import { testCrate, type TestRun } from '../../engines/cargo/test-crate';
import { startTestServers } from '../../engines/cargo/test-servers';
import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { cargoSetupOf } from '../cargo-setup-of';
import { runTask, type Outcome, type TaskContext } from '../run-executor';
import { allowsRemote } from '../service-stack/refuse-remote-servers';
import schema from './schema.json';
import { removeTestReport, writeTestReport } from './write-test-report';

/** In the notes; the JUnit report has them all. */
const SHOWN_FAILURES = 10;

/** `test`: unit, integration and doc tests of one crate. */
export default async function test(options: object, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask({ context, target: 'test', options, schema, work: testTask });
}

async function testTask(task: TaskContext): Promise<Outcome> {
  await removeTestReport(task);
  const run = await testCrate({
    ...cargoSetupOf(task),
    sharesBinaryName: sharesBinaryName(task.crate, task.model),
    startServers: () => startServers(task),
  });
  const file = await writeTestReport(task, run.suites);
  return {
    status: run.counts.failed > 0 ? 'failed' : 'passed',
    headline: headline(run),
    notes: notesOf(run),
    files: [file],
    data: { runner: run.runner, ...run.counts, doc: run.doc },
  };
}

function startServers(task: TaskContext): ReturnType<typeof startTestServers> {
  const { workspaceRoot, options, project, crate, run, report, signal } = task;
  const allowRemote = allowsRemote(undefined, process.env);
  const servers = { needs: crate.testNeeds, holder: run.holder, env: process.env, allowRemote };
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
