import { EXIT, PlatformError } from '../errors';
import type { CheckResult, PreflightReport } from '../engines/preflight/preflight-types';
import { preflightExitCode, runPreflight } from '../engines/preflight/run-preflight';
import { chainOption } from '../engines/run/chain-options';
import { readDotenv } from '../service-model/read-dotenv';
import type { ModelProblem } from '../service-model/service-model';
import { formatPreflight, preflightNotes } from './format-preflight';
import { planPreflight } from './plan-preflight';
import type { ResolvedRun } from './run-request';
import type { RunWorld } from './run-world';

/** Pre-flight of one run: silent when all is well, one report on stderr when not. */
export async function preflightRun(
  run: Pick<ResolvedRun, 'needs' | 'projects' | 'launcher'>,
  world: RunWorld,
): Promise<{ exitCode: number; notes: string[] }> {
  if (run.launcher.skipPreflight)
    return { exitCode: 0, notes: ['pre-flight was skipped (--skip-preflight)'] };
  const report = await examine(run, world);
  const exitCode = preflightExitCode(report);
  if (exitCode !== 0) {
    world.context.report(
      `pre-flight failed\n${formatPreflight(report, { all: false, colour: world.context.colour })}`,
    );
  }
  return { exitCode, notes: preflightNotes(report) };
}

/** What pre-flight says, including what the model already knows of the Cargo files. */
export async function examine(
  run: Pick<ResolvedRun, 'needs' | 'projects' | 'launcher'>,
  { context, model, options, env, interruption }: RunWorld,
): Promise<PreflightReport> {
  const allowRemote = run.launcher.allowRemote || chainOption('allowRemote', env);
  const { workspaceRoot } = context;
  const { needs, projects } = run;
  const { signal } = interruption;
  const { workspace } = await readDotenv(workspaceRoot, '.');
  const request = planPreflight({
    ...{ workspaceRoot, needs, projects, model, options, allowRemote, signal },
    // As Nx will: its tasks also see the workspace's .env.
    env: { ...workspace, ...env },
  });
  const report = await runPreflight(request);
  const known = new Set(
    report.checks.flatMap((check) => (check.state === 'problem' ? [check.error.code] : [])),
  );
  const fromModel = model.problems
    .filter(({ severity, code }) => (severity === 'inference' || needs.cargo) && !known.has(code))
    .map(modelCheck);
  return { ...report, checks: [...report.checks, ...fromModel] };
}

function modelCheck(problem: ModelProblem): CheckResult {
  const { code, file, line, what, why, fix, severity } = problem;
  const place = line === undefined ? file : `${file}:${line}`;
  const exitCode = severity === 'inference' ? EXIT.usage : EXIT.preflight;
  const error = new PlatformError({
    code,
    what: what.includes(file) ? what : `${place}: ${what}`,
    why,
    fix,
    exitCode,
  });
  return { name: 'Cargo files', state: 'problem', detail: error.what, error };
}
