import type { CreateDependenciesContext, RawProjectGraphDependency } from '@nx/devkit';
import { parsePlatformOptions } from '../service-model/parse-platform-options';
import { lastModel } from './remembered-model';

/**
 * An edge per path dependency between two crates, with the manifest that declares it: those of `cargo metadata`, no more.
 * By folder, since a project.json may give a project another name.
 */
export async function inferDependencies(
  given: unknown,
  context: CreateDependenciesContext,
): Promise<RawProjectGraphDependency[]> {
  const { workspaceRoot } = context;
  const { crates } = await lastModel(workspaceRoot, () => parsePlatformOptions(given));
  const nameAt = new Map(Object.entries(context.projects).map(([name, { root }]) => [root, name]));
  const rootOf = new Map(crates.map(({ project, root }) => [project, root]));
  return crates.flatMap((crate) => {
    const source = nameAt.get(crate.root);
    if (source === undefined) return [];
    return crate.dependencies.flatMap((dependency): RawProjectGraphDependency[] => {
      const target = nameAt.get(rootOf.get(dependency.project) ?? '');
      // `DependencyType.static` without loading @nx/devkit.
      const type = 'static' as RawProjectGraphDependency['type'];
      return target === undefined
        ? []
        : [{ source, target, type, sourceFile: crate.manifest } as RawProjectGraphDependency];
    });
  });
}
