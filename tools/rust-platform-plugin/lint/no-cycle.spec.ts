import { execa } from 'execa';
import { join } from 'node:path';

const workspace = join(__dirname, '..', '..', '..');
const eslint = join(workspace, 'node_modules', '.bin', 'eslint');

test('a cycle of imports between .ts files is a lint error', async () => {
  const fixture = join(__dirname, 'fixture-cycle');
  const { exitCode, stdout } = await execa(eslint, ['--no-ignore', '--format', 'json', fixture], {
    cwd: workspace,
    reject: false,
  });
  const rules = (JSON.parse(stdout) as Array<{ messages: Array<{ ruleId: string }> }>).flatMap(
    ({ messages }) => messages.map(({ ruleId }) => ruleId),
  );
  expect(exitCode).toBe(1);
  expect(rules).toEqual(['import-x/no-cycle', 'import-x/no-cycle']);
}, 60_000);
