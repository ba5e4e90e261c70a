import type { CreateDependencies, CreateNodes, PostTasksExecution, PreTasksExecution } from '@nx/devkit';

// Nx loads this file in every run, so everything else is loaded when it is called.
const isOff = (): boolean => process.env['RUST_PLATFORM_DISABLE'] === '1';

export const name = 'rust-platform-plugin';

// Nx calls a plugin when the workers of all others are up as well: until then this one has nothing else to do.
setImmediate(() => {
  if (isOff()) return;
  try {
    require('./plugin/create-nodes');
    require('./plugin/create-dependencies');
  } catch {
    // The call itself says what is wrong.
  }
});

export const createNodes: CreateNodes = [
  // Nothing else: a changed file that matches this inside a project touches every task of that project.
  '**/Cargo.toml',
  async (manifests, options, context) => {
    if (isOff() || manifests.length === 0) return [];
    const { inferProjects } = require('./plugin/create-nodes') as typeof import('./plugin/create-nodes');
    return inferProjects(manifests, options, context);
  },
];

export const createDependencies: CreateDependencies = async (options, context) => {
  if (isOff()) return [];
  const { inferDependencies } =
    require('./plugin/create-dependencies') as typeof import('./plugin/create-dependencies');
  return inferDependencies(options, context);
};

export const preTasksExecution: PreTasksExecution = async (options, context) => {
  if (isOff()) return;
  const { beforeTasks } =
    require('./plugin/run-hooks/before-tasks') as typeof import('./plugin/run-hooks/before-tasks');
  await beforeTasks(options, context);
};

export const postTasksExecution: PostTasksExecution = async (options, context) => {
  if (isOff()) return;
  const { afterTasks } =
    require('./plugin/run-hooks/after-tasks') as typeof import('./plugin/run-hooks/after-tasks');
  await afterTasks(options, context);
};
