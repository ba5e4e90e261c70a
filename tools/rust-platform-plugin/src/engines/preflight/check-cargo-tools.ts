import { EXIT, PlatformError } from '../../errors';
import { findExecutable } from '../../process/run';
import { askTool, missingToolchain } from './ask-tool';
import type { CheckResult, PreflightRequest } from './preflight-types';

interface CargoTool {
  name: keyof PreflightRequest['tools'];
  /** Subcommand of cargo. */
  command: string;
  install: string;
  /** What the run does without it; missing when it cannot do without. */
  without?: string;
}

const TOOLS: readonly CargoTool[] = [
  { name: 'clippy', command: 'clippy', install: 'rustup component add clippy' },
  { name: 'rustfmt', command: 'fmt', install: 'rustup component add rustfmt' },
  {
    name: 'nextest',
    command: 'nextest',
    install: 'cargo install --locked cargo-nextest',
    without: 'tests run with cargo test: no retries, no time limit for each test',
  },
  {
    name: 'audit',
    command: 'audit',
    install: 'cargo install --locked cargo-audit',
    without: 'advisories are not checked',
  },
];

/** The cargo subcommands that the plan uses, asked in every workspace whose toolchain may differ. */
export async function checkCargoTools(request: PreflightRequest): Promise<CheckResult[]> {
  const wanted = TOOLS.filter(({ name }) => request.tools[name]);
  if (wanted.length === 0 || request.cargoRoots.length === 0) return [];
  if ((await findExecutable('cargo')) === undefined) return [];
  const results = await Promise.all(
    request.cargoRoots.flatMap(({ folder }) => wanted.map((tool) => checkTool(tool, folder, request.signal))),
  );
  return results.flat();
}

async function checkTool(
  { name, command, install, without }: CargoTool,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<CheckResult[]> {
  const answer = await askTool('cargo', folder, [command, '--version'], signal);
  if (answer.exitCode === 0) return [{ name, state: 'ok', detail: firstLine(answer.stdout) }];
  if (missingToolchain(answer)) return [];
  if (without)
    return [{ name, state: 'note', detail: `cargo-${command} is not installed, so ${without} (${install})` }];
  const error = new PlatformError({
    code: `${name}-missing`,
    what: `${name} is not installed for the toolchain of ${folder}`,
    why: firstLine(answer.stderr) || undefined,
    fix: `cd '${folder}' && ${install}`,
    exitCode: EXIT.preflight,
  });
  return [{ name, state: 'problem', detail: error.what, error }];
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
