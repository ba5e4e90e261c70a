import { EXIT, PlatformError } from '../../errors';
import { findExecutable } from '../../process/run';
import { askTool, missingToolchain } from './ask-tool';
import type { CheckResult, PreflightRequest } from './preflight-types';

/** cargo and rustc of the toolchain that each workspace pins. */
export async function checkCargo(request: PreflightRequest): Promise<CheckResult[]> {
  const { cargoRoots, signal } = request;
  if (cargoRoots.length === 0) return [];
  if ((await findExecutable('cargo')) === undefined) return [problem(cargoMissing())];
  return Promise.all(cargoRoots.map(({ folder }) => checkFolder(folder, signal)));
}

async function checkFolder(folder: string, signal: AbortSignal | undefined): Promise<CheckResult> {
  const [cargo, rustc] = await Promise.all([
    askTool('cargo', folder, ['--version'], signal),
    askTool('rustc', folder, ['--version'], signal),
  ]);
  if (cargo.exitCode === 0 && rustc.exitCode === 0)
    return { name: 'cargo', state: 'ok', detail: cargo.stdout.trim() };
  const toolchain = missingToolchain(cargo);
  if (toolchain) return problem(toolchainMissing(folder, toolchain));
  const [tool, answer] = cargo.exitCode === 0 ? (['rustc', rustc] as const) : (['cargo', cargo] as const);
  return problem(toolBroken(tool, folder, (answer.stderr || answer.stdout).trim()));
}

function problem(error: PlatformError): CheckResult {
  return { name: 'cargo', state: 'problem', detail: error.what, error };
}

function cargoMissing(): PlatformError {
  return new PlatformError({
    code: 'cargo-missing',
    what: 'cargo is not on PATH',
    why: 'the Rust crates are built with it',
    fix: [
      "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh",
      'or, when it is installed: . "$HOME/.cargo/env"',
    ],
    exitCode: EXIT.preflight,
  });
}

/** rustup would download it on first use: that is for the user to decide, and it can fail in the middle of a run. */
function toolchainMissing(folder: string, toolchain: string): PlatformError {
  return new PlatformError({
    code: 'toolchain-missing',
    what: `The toolchain ${toolchain}, which ${folder} asks for, is not installed`,
    fix: `rustup toolchain install ${toolchain} --component clippy,rustfmt`,
    exitCode: EXIT.preflight,
  });
}

function toolBroken(tool: string, folder: string, why: string): PlatformError {
  return new PlatformError({
    code: `${tool}-broken`,
    what: `${tool} does not run in ${folder}`,
    why: why || undefined,
    fix: `cd '${folder}' && ${tool} --version`,
    exitCode: EXIT.preflight,
  });
}
