import { run } from '../../process/run';

export interface RustcVersion {
  /** e.g. `rustc 1.95.0 (59807616e 2026-04-14)`. */
  version: string;
  /** Target triple of the machine. */
  host: string | undefined;
}

const known = new Map<string, Promise<RustcVersion>>();

/** Of the toolchain that is in force in a folder; asked once per process. */
export function rustcVersion(cwd: string): Promise<RustcVersion> {
  const asked = known.get(cwd) ?? ask(cwd);
  known.set(cwd, asked);
  return asked;
}

/** e.g. `rustc 1.95.0 (59807616e 2026-04-14) x86_64-unknown-linux-gnu`. */
export async function rustcIdentity(cwd: string): Promise<string> {
  const { version, host } = await rustcVersion(cwd);
  return [version, host].filter(Boolean).join(' ');
}

async function ask(cwd: string): Promise<RustcVersion> {
  const { stdout } = await run('rustc', ['-vV'], { cwd });
  return { version: stdout.split('\n')[0] ?? '', host: /^host: (.+)$/mu.exec(stdout)?.[1] };
}
