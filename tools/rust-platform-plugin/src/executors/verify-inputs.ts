import { join } from 'node:path';
import { addObservedInputs } from '../cargo/learned-inputs-observed';
import type { LearnedCrate } from '../cargo/learned-inputs';
import type { CompilerOutput } from '../engines/cargo/diagnostics';
import { PlatformError } from '../errors';
import type { PlatformOptions } from '../service-model/platform-options';
import type { RustCrate, ServiceModel } from '../service-model/service-model';
import { inspectCrate, type Inspected } from './verify-inputs/inspect-crate';
import { relativeFiles } from './verify-inputs/relative-files';
import { showGaps } from './verify-inputs/show-gaps';

export interface VerifyRequest {
  workspaceRoot: string;
  model: ServiceModel;
  crate: RustCrate;
  options: PlatformOptions;
  /** Of the cargo that compiled it, and maybe others; the same object for all crates of one call. */
  output: Pick<CompilerOutput, 'artifacts' | 'buildScripts'>;
  env: NodeJS.ProcessEnv;
}

export interface Verified {
  /** Why the result must not be kept, one sentence each. */
  unkept: string[];
  /** In CI, for a crate whose inputs were thought to be known. */
  failure?: PlatformError;
}

/**
 * After a successful compilation: whether the key of the crate holds everything that rustc and the build scripts have read,
 * for the crate and the crates of the repository below it. What it does not hold is written down for `learn`.
 */
export async function verifyInputs(request: VerifyRequest): Promise<Verified> {
  const { workspaceRoot, options, env } = request;
  const inspected = await inspectCrate(request);
  addObservedInputs(join(workspaceRoot, options.stateDirectory), observedOf(inspected, workspaceRoot));
  const broken = inspected.filter(({ open, gaps }) => open.length === 0 && hasGaps(gaps));
  const failure = isCi(env) && broken.length > 0 ? { failure: notDeclared(broken, workspaceRoot) } : {};
  return { unkept: inspected.flatMap((crate) => reasonsOf(crate, workspaceRoot)), ...failure };
}

function hasGaps({ files, environment }: Inspected['gaps']): boolean {
  return files.size + environment.size > 0;
}

function reasonsOf({ project, open, gaps, problems }: Inspected, workspaceRoot: string): string[] {
  const [first] = open;
  const more = open.length > 1 ? ` (and ${open.length - 1} more)` : '';
  return [
    ...(first ? [`the inputs of ${project} are not settled: ${first.reason}${more}`] : []),
    ...(hasGaps(gaps)
      ? [
          `${project} was compiled from ${showGaps(gaps, workspaceRoot)}, which its key does not hold: rust-platform learn ${project}`,
        ]
      : []),
    ...(gaps.git
      ? [
          `${project} depends on the state of git, which its key does not hold: rust-platform learn ${project}`,
        ]
      : []),
    ...problems.map((problem) => `what ${project} was compiled from is not known: ${problem}`),
  ];
}

/** With the reasons of the scan that this compilation has shed light on. */
function observedOf(inspected: Inspected[], workspaceRoot: string): Record<string, LearnedCrate> {
  const entries = inspected.map(({ project, gaps, seen }): [string, LearnedCrate] => [
    project,
    {
      files: [...relativeFiles(gaps, workspaceRoot), ...(gaps.git ? ['.git'] : [])],
      environment: [...gaps.environment],
      settles: seen.map(({ reason }) => reason),
    },
  ]);
  return Object.fromEntries(
    entries.filter(
      ([, { files, environment, settles }]) => files.length + environment.length + settles.length > 0,
    ),
  );
}

function notDeclared(broken: Inspected[], workspaceRoot: string): PlatformError {
  const names = broken.map(({ project }) => project).join(' ');
  return new PlatformError({
    code: 'inputs-not-declared',
    what: `the cache key of ${broken.map(({ project }) => project).join(', ')} does not hold everything that was read`,
    why: broken.map(({ project, gaps }) => `${project}: ${showGaps(gaps, workspaceRoot)}`).join('\n'),
    fix: [`rust-platform learn ${names}`, 'commit rust-inputs.json'],
  });
}

function isCi(env: NodeJS.ProcessEnv): boolean {
  return /^(true|1)$/i.test(env['CI'] ?? '');
}
