import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { run } from '../../process/run';

/** Where a result was measured, so that it can be told which results may be compared. */
export interface BenchEnvironment {
  /** e.g. `linux 6.1.0 x64`. */
  system: string;
  cpu: string;
  /** Logical cores that this process may use. */
  cores: number;
  memoryBytes: number;
  node: string;
  /** First line of `rustc -V` of the build. */
  rustc: string;
  binary: { file: string; sha256: string; bytes: number };
  /** RUST_LOG of the service: a line per request costs time. */
  logLevel: string;
  /** Load average of the last minute. */
  load: { before: number; during: number[]; after: number };
  /** `undefined`: no git repository. */
  git: { commit: string; changed: boolean } | undefined;
  servers: { postgres?: string; redis?: string };
}

export interface KnownEnvironment {
  rustc: string;
  binary: BenchEnvironment['binary'];
  logLevel: string;
  servers: BenchEnvironment['servers'];
}

/** `during` and `after` are filled in by the caller. */
export async function readEnvironment(
  workspaceRoot: string,
  known: KnownEnvironment,
): Promise<BenchEnvironment> {
  const processors = cpus();
  return {
    system: `${platform()} ${release()} ${process.arch}`,
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    node: process.version,
    rustc: known.rustc.split('\n')[0] ?? '',
    binary: known.binary,
    logLevel: known.logLevel,
    load: { before: loadOfLastMinute(), during: [], after: 0 },
    git: await readGit(workspaceRoot),
    servers: known.servers,
  };
}

export function loadOfLastMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

async function readGit(workspaceRoot: string): Promise<BenchEnvironment['git']> {
  try {
    const head = await run('git', ['rev-parse', 'HEAD'], { cwd: workspaceRoot, timeoutMs: 5000 });
    if (head.exitCode !== 0) return undefined;
    const status = await run('git', ['status', '--porcelain', '--untracked-files=no'], {
      cwd: workspaceRoot,
      timeoutMs: 5000,
    });
    return { commit: head.stdout.trim(), changed: status.exitCode !== 0 || status.stdout.trim() !== '' };
  } catch {
    // No git on this machine: a result without a commit is still a result.
    return undefined;
  }
}
