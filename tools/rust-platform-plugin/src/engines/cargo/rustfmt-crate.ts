import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PlatformError } from '../../errors';
import { formatGroups, judgeFormats, type FormatVerdict } from './batch/judge-formats';
import { cargoEnvironment } from './cargo-environment';
import { explainCargoFailure, manifestArgument, stripAnsi } from './cargo-failures';
import type { CargoSetup } from './cargo-setup';
import { runCargo } from './run-cargo';
import { parseRustfmtOutput } from './rustfmt-output';
import { shareMachine } from './share-machine';

export interface RustfmtRun {
  /** Files that rustfmt would change, relative to the workspace root, sorted. */
  files: string[];
  /** Command that formats the crate, from the workspace root. */
  fix: string;
}

interface FormatRequest {
  setup: CargoSetup;
  done(run: RustfmtRun): void;
  fail(error: unknown): void;
}

/**
 * Checks the format of one crate and prints the differences, by one rustfmt with the others of its meeting. It compiles
 * nothing, so the target directory stays free.
 */
export function rustfmtCrate(setup: CargoSetup): Promise<RustfmtRun> {
  return new Promise((done, fail) => {
    const request: FormatRequest = { setup, done, fail };
    const hold = (requests: FormatRequest[]): void => void checkAll(requests);
    if (setup.meeting) setup.meeting.attend(request, hold);
    else hold([request]);
  });
}

/** Never rejects: every request is settled. */
async function checkAll(requests: FormatRequest[]): Promise<void> {
  for (const group of groupsOf(requests)) {
    await checkGroup(group).catch((error: unknown) => group.forEach(({ fail }) => fail(error)));
  }
}

/** rustfmt reads little of the environment, but another one of it may be in force. */
const READ = ['RUSTFMT', 'RUSTUP_TOOLCHAIN', 'PATH', 'HOME', 'XDG_CONFIG_HOME'];

function groupsOf(requests: FormatRequest[]): FormatRequest[][] {
  const parts = new Map<string, FormatRequest[]>();
  for (const request of requests) {
    const { crate, colour, env = {} } = request.setup;
    const key = JSON.stringify([crate.cargoRoot, colour, READ.map((name) => [name in env, env[name]])]);
    parts.set(key, [...(parts.get(key) ?? []), request]);
  }
  return [...parts.values()].flatMap((part) =>
    formatGroups(part.map((request) => ({ ...request.setup.crate, request }))).map((group) =>
      group.map(({ request }) => request),
    ),
  );
}

async function checkGroup(requests: FormatRequest[]): Promise<void> {
  const [first] = requests;
  if (!first) return;
  const { workspaceRoot, colour = false, signal, crate } = first.setup;
  const root = await realpath(workspaceRoot);
  const packages = requests.map(({ setup }) => `-p=${setup.crate.packageName}`);
  const args = ['fmt', ...packages, '--check', '--', `--color=${colour ? 'always' : 'never'}`];
  const options = {
    cwd: join(workspaceRoot, crate.cargoRoot),
    env: await cargoEnvironment(first.setup),
    signal,
  };
  const result = await shareMachine(first.setup, () => runCargo(args, options));
  const blocks = parseRustfmtOutput(result, root);
  const folders = new Map(requests.map((request) => [folderOf(request.setup, root), request]));
  const verdicts = judgeFormats({ folders: [...folders.keys()], exitCode: result.exitCode, blocks });
  const open: FormatRequest[] = [];
  for (const [folder, request] of folders) {
    const verdict = verdicts.get(folder) as FormatVerdict;
    if (verdict.kind === 'unknown' && requests.length > 1) open.push(request);
    else settle(request, verdict, { root, said: result.stderr });
  }
  for (const request of open) await checkGroup([request]).catch(request.fail);
}

function folderOf({ crate }: CargoSetup, root: string): string {
  return crate.root === '.' ? root : join(root, crate.root);
}

function settle(
  { setup, done, fail }: FormatRequest,
  verdict: FormatVerdict,
  { root, said }: { root: string; said: string },
): void {
  const { crate, report } = setup;
  for (const text of verdict.texts) report(text);
  const fix = `cargo fmt -p ${crate.packageName}${manifestArgument(crate)}`;
  const files = [...new Set(verdict.files.map((file) => shown(root, file)))].sort();
  if (verdict.kind !== 'unknown') return done({ files, fix });
  fail(explainCargoFailure(said, crate) ?? unreadable(crate.packageName, said, fix));
}

function unreadable(packageName: string, said: string, fix: string): PlatformError {
  const why = stripAnsi(said)
    .split('\n')
    .find((line) => /^error/iu.test(line))
    ?.trim();
  return new PlatformError({
    code: 'rustfmt-failed',
    what: `rustfmt could not read ${packageName}`,
    why,
    fix,
  });
}

function shown(root: string, file: string): string {
  const path = relative(root, file);
  return path.startsWith('..') ? file : path;
}
