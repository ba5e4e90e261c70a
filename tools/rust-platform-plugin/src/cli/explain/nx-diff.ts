import { COMMAND_INPUT, isOurInput, type RunInputs } from '../../results/run-record-inputs';
import type { Change } from './explanation';
import { changedFiles, kindOf } from './nx-file-diff';

/** What Nx hashed for a task in one run. */
export interface NxSide {
  inputs: RunInputs;
  taskId: string;
  options: readonly string[] | undefined;
}

export interface NxDiffOptions {
  /** Whether to name file sets: not where an ingredient of ours has told which file it was. */
  fileSets: boolean;
  /** Folder of a project, where it is known. */
  rootOf: (project: string) => string | undefined;
}

/** What is different in the inputs that Nx hashed for a task beside our keys. */
export function nxDiff(before: NxSide, after: NxSide, options: NxDiffOptions): Change[] {
  const [old, now] = [inputsOf(before), inputsOf(after)];
  const files = changedFiles(before.inputs.files, after.inputs.files);
  const context = { ...options, before, after, files };
  const changes = [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => !isOurInput(name) && old.get(name) !== now.get(name))
    .flatMap((name) => describe(name, kindOf(old.has(name), now.has(name)), context));
  return [...new Map(changes.map((change) => [`${change.group} ${change.name}`, change])).values()];
}

interface Context extends NxDiffOptions {
  files: Change[];
  before: NxSide;
  after: NxSide;
}

function describe(name: string, kind: Change['kind'], context: Context): Change[] {
  const nx = (text: string): Change[] => [{ group: 'nx', kind, name: text }];
  const files = (pattern: RegExp) => context.files.filter((file) => pattern.test(file.name));
  const orElse = (found: Change[], text: string) => (found.length > 0 ? found : nx(text));
  const [first = '', last = ''] = [name.split(':')[0], name.slice(name.lastIndexOf(':') + 1)];
  if (name === COMMAND_INPUT) return [optionsChange(context)];
  if (first === 'env') return [{ group: 'environment', kind: 'changed', name: name.slice('env:'.length) }];
  if (first === 'runtime') return nx(`the output of \`${name.slice('runtime:'.length)}\``);
  if (last === 'TsConfig') return orElse(files(/^tsconfig(\.base)?\.json$/), 'the tsconfig of the workspace');
  if (last === 'ProjectConfiguration') return projectChange(first, kind, context);
  if (name.includes('{workspaceRoot}/nx.json,')) {
    return orElse(files(/^(nx\.json|\.gitignore|\.nxignore)(:|$)/), 'nx.json, .gitignore or .nxignore');
  }
  if (first === 'npm' || last === 'AllExternalDependencies') return nx(`packages of npm (${name})`);
  return context.fileSets ? nx(`a file of the input ${name}`) : [];
}

function optionsChange({ before, after }: Context): Change {
  const text = ({ options = [] }: NxSide) => options.join(' ') || 'none';
  return {
    group: 'options',
    kind: 'changed',
    name: 'options of the task',
    from: text(before),
    to: text(after),
  };
}

/** Told by the files that it comes from, where they are known. */
function projectChange(project: string, kind: Change['kind'], { files, rootOf }: Context): Change[] {
  const root = rootOf(project);
  const names = ['project.json', 'package.json'].map((name) => (root === '.' ? name : `${root}/${name}`));
  const own = files.filter(({ name }) => names.includes(name));
  if (own.length > 0) return own;
  const shared = files.filter(({ name }) => /^nx\.json: (targetDefaults|plugins|namedInputs)$/.test(name));
  if (shared.length > 0) return shared;
  const what = `what Nx knows of the project ${project} (options, inputs or outputs of its targets, tags)`;
  return [{ group: 'nx', kind, name: what }];
}

function inputsOf({ inputs, taskId }: NxSide): Map<string, string> {
  const found = new Map<string, string>();
  for (const place of inputs.tasks[taskId] ?? []) {
    const [name, hash] = inputs.inputs[place] ?? [];
    if (name !== undefined && hash !== undefined) found.set(name, hash);
  }
  return found;
}
