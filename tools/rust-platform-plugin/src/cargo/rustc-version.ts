import { exactEnvironment } from './exact-environment';
import { locateExecutable } from './locate-executable';
import { toolchainIdentity } from './toolchain';
import { readDataFile, workspaceDataFile, writeDataFile } from './workspace-data';

const MOST_KEPT = 20;

/**
 * What `rustc -vV` says in a folder (version, commit, host, LLVM), kept until the toolchain there can have changed.
 * Without a working rustc: what stands in its way, which is no less exact, and never kept.
 */
export async function rustcVersion(request: {
  workspaceRoot: string;
  folder: string;
  env: NodeJS.ProcessEnv;
}): Promise<string> {
  const { workspaceRoot, folder, env } = request;
  const program = env['RUSTC'] || 'rustc';
  const identity = `${program} ${toolchainIdentity('rustc', folder, env)}`;
  const file = workspaceDataFile(workspaceRoot, 'rustc', env);
  const known = readDataFile(file, isTextTable) ?? {};
  if (known[identity] !== undefined) return known[identity];
  const rustc = locateExecutable(program, env);
  if (rustc === undefined) return `no ${program} on PATH`;
  // Loaded only here: most runs find the answer in the file.
  const { run } = require('../process/run') as typeof import('../process/run');
  const result = await run(rustc, ['-vV'], {
    cwd: folder,
    env: exactEnvironment({ ...env, RUSTUP_AUTO_INSTALL: '0', RUST_BACKTRACE: '0' }),
    timeoutMs: 20_000,
  });
  if (result.exitCode !== 0) return `rustc failed: ${result.stderr.split('\n')[0]}`;
  const others = Object.entries(known).slice(1 - MOST_KEPT);
  writeDataFile(file, { ...Object.fromEntries(others), [identity]: result.stdout });
  return result.stdout;
}

function isTextTable(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}
