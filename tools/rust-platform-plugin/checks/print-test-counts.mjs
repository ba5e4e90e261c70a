/** One closing line for the whole run: the sum of the tests that really ran in every project. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const reports = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'reports');
const total = { passed: 0, failed: 0, skipped: 0 };
for (const project of readdirSync(reports)) {
  for (const target of ['test', 'test-api']) {
    const counts = countsOf(join(reports, project, `${target}.json`));
    if (!counts) continue;
    console.log(
      `${project}:${target} ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.`,
    );
    for (const key of Object.keys(total)) total[key] += counts[key];
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

/** The plugin's own checks keep their counts under `tests`; the targets of crates have them at the top. */
function countsOf(file) {
  if (!existsSync(file)) return undefined;
  const { data = {} } = JSON.parse(readFileSync(file, 'utf8'));
  const counts = typeof data.passed === 'number' ? data : data.tests;
  if (typeof counts?.passed !== 'number') return undefined;
  const { passed, failed = 0 } = counts;
  return { passed, failed, skipped: counts.skipped ?? counts.ignored ?? 0 };
}
