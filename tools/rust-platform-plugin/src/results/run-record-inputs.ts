import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { keepText } from './key-record-file';
import { keysDirectory } from './key-record-folder';
import { openSalt, type Salt } from './key-record-salt';
import { readJson } from './task-report-file';

/** What Nx hashed for the tasks of a run: our keys are one input of many. Kept like a key record, by its content. */
export interface RunInputs {
  schemaVersion: 1;
  /** Each input of any task once: its name as Nx gives it, and its hash. */
  inputs: Array<[name: string, hash: string]>;
  /** Id of a task → places in that list. */
  tasks: Record<string, number[]>;
  /** Files that Nx puts into every hash together, and parts of them, by name: `nx.json: targetDefaults`. */
  files: Record<string, string>;
}

/** The part of Nx's task results that is read here. */
export interface HashedTask {
  id: string;
  hashDetails?: {
    command: string;
    nodes: Record<string, string>;
    implicitDeps?: Record<string, string>;
    runtime?: Record<string, string>;
  };
}

/** What Nx itself calls the command line of a task: target, configuration and options. */
export const COMMAND_INPUT = 'command';

/** Begin of the inputs that are keys of ours: `env:RUST_PLATFORM_KEY_<FAMILY>_<PROJECT>`. */
export const OUR_KEYS = 'env:RUST_PLATFORM_KEY_';

/** Whether an input of Nx is our own doing: a key, or what makes `affected` select a task and changes no hash. */
export function isOurInput(name: string): boolean {
  return name.startsWith(OUR_KEYS) || name.includes('RUST_PLATFORM_SELECTION');
}

export async function writeRunInputs(
  workspaceRoot: string,
  { tasks, files }: { tasks: readonly HashedTask[]; files: Record<string, string> },
  stateDirectory?: string,
): Promise<string> {
  const folder = keysDirectory(workspaceRoot, stateDirectory);
  const inputs = collectInputs(tasks, files, await openSalt(folder));
  return keepText(folder, inputsName, JSON.stringify(inputs));
}

export async function readRunInputs(
  workspaceRoot: string,
  id: string,
  stateDirectory?: string,
): Promise<RunInputs | undefined> {
  const file = join(keysDirectory(workspaceRoot, stateDirectory), inputsName(id));
  const found = (await readJson(file)) as Partial<RunInputs> | undefined;
  return found?.schemaVersion === 1 && Array.isArray(found.inputs) && found.tasks
    ? (found as RunInputs)
    : undefined;
}

function inputsName(id: string): string {
  return `${id}.inputs.json`;
}

function collectInputs(tasks: readonly HashedTask[], files: Record<string, string>, salt: Salt): RunInputs {
  const places = new Map<string, number>();
  const inputs: RunInputs['inputs'] = [];
  const place = (name: string, hash: string): number => {
    const key = `${name}\0${hash}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, inputs.length);
    inputs.push([shortened(name), keptHash(name, hash, salt)]);
    return inputs.length - 1;
  };
  const placesOf = ({ hashDetails }: HashedTask): number[] => {
    const { command, nodes, implicitDeps, runtime } = hashDetails ?? { command: '', nodes: {} };
    const all = Object.entries({ ...nodes, ...implicitDeps, ...runtime, [COMMAND_INPUT]: command });
    return all.map(([name, hash]) => place(name, hash));
  };
  // In the order of their names, since Nx gives them in the order in which they ended.
  const sorted = tasks.filter(({ hashDetails }) => hashDetails).sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    schemaVersion: 1,
    tasks: Object.fromEntries(sorted.map((task) => [task.id, placesOf(task)])),
    inputs,
    files,
  };
}

function keptHash(name: string, hash: string, salt: Salt): string {
  // The key record tells it, and that of an unsettled crate is another in every run.
  if (name.startsWith(OUR_KEYS)) return '';
  return /^(env|runtime):/.test(name) ? salt.hash(hash) : hash;
}

const LONGEST_NAME = 240;

/** A file set may name hundreds of folders; the rest of it stays distinguishable. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name;
  const rest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_NAME)}… (${rest})`;
}
