import { preflightExitCode } from '../../engines/preflight/run-preflight';
import { createContext } from '../cli-context';
import { formatPreflight } from '../format-preflight';
import { watchInterruption } from '../interruption';
import { examine } from '../preflight-run';
import { createWorld } from '../run-world';
import { testing } from './testing';

export async function runDoctor(json: boolean): Promise<number> {
  const context = createContext();
  const interruption = watchInterruption();
  const launcher = { keepDeps: false, allowRemote: false, dryRun: false, skipPreflight: false };
  try {
    const world = await createWorld(context, interruption, launcher);
    const report = await examine({ needs: { ...testing.needs, ports: true }, projects: [], launcher }, world);
    const exitCode = preflightExitCode(report);
    const { colour } = context;
    context.write(json ? toJson(report, exitCode) : `${formatPreflight(report, { all: true, colour })}\n`);
    return exitCode;
  } finally {
    interruption.dispose();
  }
}

function toJson(report: Awaited<ReturnType<typeof examine>>, exitCode: number): string {
  const checks = report.checks.map((check) => {
    if (check.state !== 'problem') return check;
    const { code, what, why, fix } = check.error;
    return { ...check, error: { code, what, why, fix } };
  });
  return `${JSON.stringify({ exitCode, durationMs: Math.round(report.durationMs), checks }, null, 2)}\n`;
}
