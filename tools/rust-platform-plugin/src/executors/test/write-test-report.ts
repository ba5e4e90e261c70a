import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestSuite } from '../../engines/cargo/test-results';
import { formatJunit } from '../../results/junit';
import { writeFileAtomically } from '../../results/write-file';
import type { TaskContext } from '../task-context';

/** Of an earlier run: it must not stand for one that ends before its tests. */
export async function removeTestReport(task: TaskContext): Promise<void> {
  await rm(join(task.workspaceRoot, testReportFile(task)), { force: true });
}

/** Writes `<reports>/<project>/<target>.xml` and returns that path, relative to the workspace root. */
export async function writeTestReport(task: TaskContext, suites: readonly TestSuite[]): Promise<string> {
  const file = testReportFile(task);
  const junit = suites.map(({ name, durationMs, cases }) => ({
    name,
    durationMs,
    cases: cases.map((testCase) => ({
      ...testCase,
      classname: name,
      details: testCase.output,
      output: undefined,
    })),
  }));
  await writeFileAtomically(join(task.workspaceRoot, file), task.hide(formatJunit(junit)));
  return file;
}

function testReportFile({ options, project, target }: TaskContext): string {
  return `${options.reportsDirectory}/${project}/${target}.xml`;
}
