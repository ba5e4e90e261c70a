import type { ExecutorContext } from '@nx/devkit';

/** Nx project names by project root, relative to the workspace root; a project.json may give a crate another name. */
export type ProjectNames = Readonly<Record<string, string>>;

export function projectNamesOf({
  projectsConfigurations,
}: Pick<ExecutorContext, 'projectsConfigurations'>): ProjectNames {
  const projects = Object.entries(projectsConfigurations?.projects ?? {});
  return Object.fromEntries(projects.map(([name, { root }]) => [root, name]));
}
