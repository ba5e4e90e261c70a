/** One closing line for the whole run: the sum of the tests that really ran in every project. */
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const reports = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'reports');
const total = { passed: 0, failed: 0, skipped: 0 };
for (const project of readdirSync(reports)) {
  for (const target of ['test', 'test-api']) {
    const file = join(reports, project, `${target}.json`);
    const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).data?.tests : undefined;
    for (const key of Object.keys(total)) total[key] += counts?.[key] ?? 0;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
