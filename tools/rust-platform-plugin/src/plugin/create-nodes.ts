import type { CreateNodesContext, CreateNodesResultArray } from '@nx/devkit';
import { PlatformError } from '../errors';
import { loadServiceModel } from '../service-model/load-service-model';
import { readNxJson } from '../service-model/load-platform-options';
import { parsePlatformOptions } from '../service-model/parse-platform-options';
import { DEFAULT_OPTIONS, type PlatformOptions } from '../service-model/platform-options';
import type { ModelProblem, ServiceModel } from '../service-model/service-model';
import { crateGraph } from './crate-graph';
import { inferProject } from './infer-project';
import { rememberModel } from './remembered-model';
import { guardsOf } from './selection/guards';
import { readSelection } from './selection/read-selection';
import type { SelectionRequest } from './selection/selection';

type FileError = [file: string, error: Error];

/**
 * One project per crate. Mistakes in manifests, metadata and plugin options are thrown as one AggregateCreateNodesError
 * that names the file of each and carries every good project. A cargo that is missing or refuses is none: then the
 * manifests are read, and the tasks say so.
 */
export async function inferProjects(
  manifests: readonly string[],
  given: unknown,
  context: CreateNodesContext,
  select = readSelection,
): Promise<CreateNodesResultArray> {
  const { workspaceRoot, nxJsonConfiguration: nxJson } = context;
  const { options, errors } = await checkedOptions(given, workspaceRoot);
  const model = await loadServiceModel({ workspaceRoot, options, manifests });
  rememberModel(workspaceRoot, model);
  const keyRecord = () => recordOfKeys(workspaceRoot, model, options);
  const selection = await select({ workspaceRoot, model, manifests, nxJson, env: process.env, keyRecord });
  const guards = guardsOf(model, selection.kind === 'none' ? [] : selection.files);
  const inference = { graph: crateGraph(model), options, selection, guards };
  const results = model.crates.map((crate): CreateNodesResultArray[number] => [
    crate.manifest,
    { projects: { [crate.root]: inferProject(crate, inference) } },
  ]);
  errors.push(...fileErrors(model));
  if (errors.length === 0) return results;
  // Loaded only here: it brings half of Nx.
  const { AggregateCreateNodesError } = require('@nx/devkit') as typeof import('@nx/devkit');
  throw new AggregateCreateNodesError(errors, results);
}

async function recordOfKeys(
  workspaceRoot: string,
  model: ServiceModel,
  options: PlatformOptions,
): ReturnType<SelectionRequest['keyRecord']> {
  const { computeTaskKeys } =
    require('./task-keys/compute-task-keys') as typeof import('./task-keys/compute-task-keys');
  return (await computeTaskKeys({ workspaceRoot, model, env: process.env, options })).record;
}

async function checkedOptions(
  given: unknown,
  workspaceRoot: string,
): Promise<{ options: PlatformOptions; errors: FileError[] }> {
  try {
    return { options: parsePlatformOptions(given), errors: [] };
  } catch {
    // Once more, with the text for the line numbers.
    const text = await readNxJson(workspaceRoot);
    try {
      return { options: parsePlatformOptions(given, 'nx.json', text), errors: [] };
    } catch (error) {
      return { options: DEFAULT_OPTIONS, errors: [['nx.json', error as Error]] };
    }
  }
}

function fileErrors({ problems }: ServiceModel): FileError[] {
  return problems
    .filter(({ severity }) => severity === 'inference')
    .map((problem): FileError => [problem.file, errorOf(problem)]);
}

function errorOf({ code, file, line, what, why, fix }: ModelProblem): PlatformError {
  const place = line === undefined ? file : `${file}:${line}`;
  const error = new PlatformError({ code, what: `${place}: ${what}`, why, fix });
  // Nx prints the stack where there is one; ours says nothing to the author of a Cargo.toml.
  error.stack = error.message;
  return error;
}
