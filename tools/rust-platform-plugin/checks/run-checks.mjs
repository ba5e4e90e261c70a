/**
 * The plugin's own `test` target: formatting, lint, types, unit and integration specs, the short mutation matrix of the
 * cache keys, end-to-end specs. All run, all are reported, and the number of tests that really ran is written to
 * reports/rust-platform-plugin/test.json.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const plugin = join(dirname(fileURLToPath(import.meta.url)), '..');
const workspace = join(plugin, '..', '..');
const reports = join(workspace, 'reports', 'rust-platform-plugin');
const bin = (name) => join(workspace, 'node_modules', '.bin', name);

const steps = [
  { name: 'format', cwd: workspace, command: [bin('prettier'), '--check', '.'] },
  { name: 'lint', cwd: workspace, command: [bin('eslint'), '.', '--max-warnings=0'] },
  { name: 'types', cwd: plugin, command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'specs', cwd: plugin, command: [bin('jest'), '--ci'], jest: true },
  {
    name: 'mutations',
    cwd: plugin,
    command: [bin('jest'), '--ci', '-c', 'mutations/jest.config.cjs'],
    jest: true,
  },
  {
    name: 'e2e',
    cwd: plugin,
    command: [bin('jest'), '--ci', '-c', 'jest.e2e.config.cjs', '--runInBand'],
    jest: true,
  },
];

const only = process.argv.slice(2);
const startedAt = new Date();
const outcomes = [];
let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    running?.kill(signal);
    process.exitCode = signal === 'SIGINT' ? 130 : 143;
  });
}

mkdirSync(reports, { recursive: true });
for (const step of steps) {
  if (only.length > 0 && !only.includes(step.name)) continue;
  if (process.exitCode) break;
  outcomes.push(await runStep(step));
}
const success = writeReport();
process.exitCode ||= success ? 0 : 1;

async function runStep({ name, cwd, command, jest }) {
  const resultFile = join(reports, `${name}.json`);
  rmSync(resultFile, { force: true });
  const [program, ...args] = jest ? [...command, '--json', `--outputFile=${resultFile}`] : command;
  console.log(`\n── ${name}: ${relative(workspace, program)} ${args.join(' ')}`);
  const exitCode = await new Promise((resolve, reject) => {
    running = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
    running.on('error', reject);
    running.on('exit', (code) => resolve(code ?? 1));
  });
  return { name, exitCode, tests: jest ? readJestResult(resultFile) : undefined };
}

function readJestResult(file) {
  if (!existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** A step with specs that ran none of them is a failure, whatever its exit code. */
function writeReport() {
  const sum = (key) => outcomes.reduce((total, { tests }) => total + (tests?.[key] ?? 0), 0);
  const counts = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  const broken = outcomes.filter(({ exitCode, tests }) => exitCode !== 0 || tests?.passed === 0);
  const forbiddenSkips = process.env.CI && counts.skipped > 0;
  const failed = broken.length > 0 || forbiddenSkips || process.exitCode;
  const notes = broken.map(({ name, exitCode }) => `${name} failed (exit code ${exitCode}).`);
  if (counts.skipped > 0)
    notes.push(
      `${counts.skipped} tests were skipped: their output says why${process.env.CI ? '; in CI that fails' : ''}.`,
    );
  const headline = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
  const report = {
    schemaVersion: 1,
    project: 'rust-platform-plugin',
    target: 'test',
    runId: process.env.RUST_PLATFORM_RUN_ID ?? 'direct',
    status: failed ? 'failed' : 'passed',
    exitCode: failed ? 1 : 0,
    headline,
    notes,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    files: outcomes
      .filter(({ tests }) => tests)
      .map(({ name }) => relative(workspace, join(reports, `${name}.json`))),
    data: { steps: outcomes, tests: counts },
  };
  writeFileSync(join(reports, 'test.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(
    `\n${outcomes.map(({ name, exitCode }) => `${exitCode === 0 ? '✓' : '✗'} ${name}`).join('  ')}\n${headline}`,
  );
  return !failed;
}
