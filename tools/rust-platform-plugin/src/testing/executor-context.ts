import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';

export interface ContextRequest {
  root: string;
  project: string;
  /** Folder of the project, relative. */
  projectRoot: string;
  target: string;
  /** Other targets of the project. */
  targets?: Record<string, TargetConfiguration>;
  /** Targets of the project that the run holds; default: Nx does not say. */
  planned?: string[];
}

/** What Nx hands to an executor, as far as ours read it. */
export function executorContext(request: ContextRequest): ExecutorContext {
  const { root, project, projectRoot, target, targets = {}, planned } = request;
  const projects = { [project]: { root: projectRoot, targets } };
  const tasks = Object.fromEntries(
    (planned ?? []).map((name) => [
      `${project}:${name}`,
      { id: `${project}:${name}`, target: { project, target: name } },
    ]),
  );
  return {
    root,
    cwd: root,
    isVerbose: false,
    projectName: project,
    targetName: target,
    projectsConfigurations: { version: 2, projects },
    nxJsonConfiguration: {},
    projectGraph: { nodes: {}, dependencies: {} },
    ...(planned ? { taskGraph: { roots: [], tasks, dependencies: {}, continuousDependencies: {} } } : {}),
  } as unknown as ExecutorContext;
}
