import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Patch } from '../compile-plugin';
import { MutationWorkspace, type Outcomes } from '../workspace/workspace';
import type { FreshRow } from './fresh-rows';

export interface FreshResult {
  name: string;
  target: FreshRow['target'];
  /** What a person sees before, after, and from a target directory of its own. */
  before: string;
  after: string;
  fresh: string;
  problems: string[];
  durationMs: number;
}

/**
 * Real cargo, one target directory for all rows: after each change the task must miss, and its result must be the one that
 * a fresh target directory gives.
 */
export async function runFresh(
  rows: readonly FreshRow[],
  options: { patch?: Patch; onRow?: (result: FreshResult) => void } = {},
): Promise<FreshResult[]> {
  const fixture = join(__dirname, 'fixture');
  const workspace = await MutationWorkspace.create({ fixture, executors: 'real', patch: options.patch });
  const results: FreshResult[] = [];
  try {
    for (const row of rows) {
      const result = await runFreshRow(workspace, row);
      results.push(result);
      options.onRow?.(result);
    }
  } finally {
    await workspace.remove();
  }
  return results;
}

async function runFreshRow(workspace: MutationWorkspace, row: FreshRow): Promise<FreshResult> {
  const { name, target } = row;
  const started = Date.now();
  const result: FreshResult = { name, target, before: '', after: '', fresh: '', problems: [], durationMs: 0 };
  try {
    await row.given?.(workspace);
    // cargo itself must have seen this state last, so that it has something to be wrong about.
    const unchanged = await runTask(workspace, target, ['--skip-nx-cache']);
    result.before = await observe(workspace, target, unchanged);
    // Nx does not keep the result of such a run.
    await runTask(workspace, target);
    await row.change(workspace);
    const outcomes = await runTask(workspace, target);
    result.after = await observe(workspace, target, outcomes);
    if (/cache/.test(outcomes[`app:${target}`]?.status ?? ''))
      result.problems.push('answered from the cache');
    result.fresh = await observeFresh(workspace, target);
    if (result.after !== result.fresh)
      result.problems.push(`gives ${result.after} instead of ${result.fresh}`);
    const isSame = result.fresh === result.before;
    if (isSame !== (row.isSame ?? false))
      result.problems.push('the row proves nothing: its change has no effect');
  } catch (error) {
    result.problems.push(error instanceof Error ? error.message : String(error));
  }
  await workspace.revert();
  result.durationMs = Date.now() - started;
  return result;
}

function runTask(workspace: MutationWorkspace, target: string, args: string[] = []): Promise<Outcomes> {
  return workspace.nx({ targets: [target], args: ['-p', 'app', ...args] });
}

/** A binary tells by what it prints, lints and tests by their verdict. */
async function observe(workspace: MutationWorkspace, target: string, outcomes: Outcomes): Promise<string> {
  const status = outcomes[`app:${target}`]?.status ?? 'no outcome';
  if (/failure|no outcome/.test(status))
    return target === 'build' ? `failed:\n${workspace.output}` : 'failed';
  return target === 'build' ? print(workspace.path('dist/rust/app/app')) : 'passed';
}

async function print(binary: string): Promise<string> {
  await access(binary);
  return (await execa(binary, { reject: false })).stdout;
}

const COMMANDS = {
  build: ['build', '--release', '--bins'],
  clippy: ['clippy', '--all-targets', '--no-deps'],
  test: ['test'],
};

async function observeFresh(workspace: MutationWorkspace, target: FreshRow['target']): Promise<string> {
  const folder = join(workspace.base, 'tmp', 'fresh-target');
  await rm(folder, { recursive: true, force: true });
  const env = workspace.environment({ ...workspace.env, CARGO_TARGET_DIR: folder });
  const deny = target === 'clippy' ? ['--', '-D', 'warnings'] : [];
  const { exitCode } = await execa('cargo', [...COMMANDS[target], '-p', 'app', '--locked', ...deny], {
    cwd: workspace.path('rust'),
    env,
    extendEnv: false,
    reject: false,
  });
  const seen =
    exitCode !== 0 ? 'failed' : target === 'build' ? await print(join(folder, 'release', 'app')) : 'passed';
  await rm(folder, { recursive: true, force: true });
  return seen;
}
