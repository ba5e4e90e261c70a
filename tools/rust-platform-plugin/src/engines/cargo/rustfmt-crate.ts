import { realpath } from 'node:fs/promises';
import { manifestArgument, stripAnsi } from './cargo-failures';
import { PlatformError } from '../../errors';
import type { CargoSetup } from './cargo-setup';
import { withCargo } from './with-cargo';

export interface RustfmtRun {
  /** Files that rustfmt would change, relative to the workspace root, sorted. */
  files: string[];
  /** Command that formats the crate, from the workspace root. */
  fix: string;
}

const DIFF = /^Diff in (.+?):(?:\d+:)?$/u;

/** Checks the format of one crate and prints the differences; compiles nothing, so the target directory stays free. */
export async function rustfmtCrate(setup: CargoSetup): Promise<RustfmtRun> {
  const { crate, report, colour = false } = setup;
  const workspaceRoot = await realpath(setup.workspaceRoot);
  const files = new Set<string>();
  const onLine = (line: string): void => {
    const file = DIFF.exec(stripAnsi(line))?.[1];
    if (file !== undefined) files.add(relativeTo(workspaceRoot, file));
    report(line.replaceAll(`${workspaceRoot}/`, ''));
  };
  const args = [`-p=${crate.packageName}`, '--check', '--', `--color=${colour ? 'always' : 'never'}`];
  const result = await withCargo(setup, (cargo) =>
    cargo.run({ subcommand: ['fmt'], args, locked: false, onLine }),
  );
  const fix = `cargo fmt -p ${crate.packageName}${manifestArgument(crate)}`;
  if (result.exitCode === 0 || files.size > 0) return { files: [...files].sort(), fix };
  throw new PlatformError({
    code: 'rustfmt-failed',
    what: `rustfmt could not read ${crate.packageName}`,
    why: stripAnsi(result.stderr)
      .split('\n')
      .find((line) => line.startsWith('error'))
      ?.trim(),
    fix,
  });
}

function relativeTo(workspaceRoot: string, file: string): string {
  return file.startsWith(`${workspaceRoot}/`) ? file.slice(workspaceRoot.length + 1) : file;
}
