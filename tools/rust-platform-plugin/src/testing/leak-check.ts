import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeProcess, whoListens, type EnvironmentMarker } from '../process/process-facts';
import { platformFacts } from '../process/process-facts';
import { eventually } from './eventually';
import { temporaryFolder } from './temporary-folder';

/** What a test may leave behind is searched by a marker in the environment and in a temporary folder of its own. */
export interface LeakCheck {
  marker: EnvironmentMarker;
  /** For every process that the test starts; `process.env` has it too, until `end()`. */
  env: { TMPDIR: string; RUST_PLATFORM_TEST_ID: string };
  /** The private temporary folder (TMPDIR). */
  folder: string;
  /** Restores `process.env` and removes the folder. */
  end(): Promise<void>;
}

const MARKER_NAME = 'RUST_PLATFORM_TEST_ID';

/** Call in `beforeEach`; the processes that are started from then on inherit marker and folder. */
export async function startLeakCheck(): Promise<LeakCheck> {
  const { path, remove } = await temporaryFolder('leak');
  const marker = { name: MARKER_NAME, value: randomBytes(8).toString('hex') };
  const env = { TMPDIR: path, [MARKER_NAME]: marker.value } as LeakCheck['env'];
  const before = { TMPDIR: process.env['TMPDIR'], [MARKER_NAME]: process.env[MARKER_NAME] };
  Object.assign(process.env, env);
  return {
    marker,
    env,
    folder: path,
    end: async () => {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await remove();
    },
  };
}

export interface LeakOptions {
  /** Ports that nobody may listen on any more. */
  ports?: number[];
  /** Time for things that end by themselves, e.g. a supervisor that has nothing to do; default 15 s. */
  withinMs?: number;
}

/** Fails with a list of the processes, ports and temporary files that are still there. */
export async function expectNothingLeft(check: LeakCheck, options: LeakOptions = {}): Promise<void> {
  let left: string[] = [];
  const nothing = async () => {
    left = [...(await markedProcesses(check.marker)), ...(await openPorts(options.ports ?? []))];
    left.push(...(await filesIn(check.folder)));
    return left.length === 0;
  };
  await eventually(nothing, 'nothing is left', options.withinMs ?? 15_000).catch(() => {
    throw new Error(`left behind:\n${left.join('\n')}`);
  });
}

async function markedProcesses(marker: EnvironmentMarker): Promise<string[]> {
  const entries = await platformFacts().entries();
  const living = entries.filter((entry) => !entry.zombie && entry.pid !== process.pid);
  const pids = await platformFacts().withMarker(
    living.map(({ pid }) => pid),
    marker,
  );
  const found = await Promise.all(pids.map(describeProcess));
  return found.flatMap((process) => (process ? [`process ${process.pid}: ${process.command}`] : []));
}

async function openPorts(ports: number[]): Promise<string[]> {
  const found = await Promise.all(ports.map((port) => whoListens(port)));
  return found.flat().map(({ port, pid }) => `port ${port}: pid ${pid ?? 'unknown'}`);
}

/** Empty folders do not count: locks leave theirs. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `file ${join(entry.parentPath, entry.name)}`);
}
