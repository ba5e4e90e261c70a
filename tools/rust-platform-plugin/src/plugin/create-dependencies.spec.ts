import { execFileSync } from 'node:child_process';
import { dirname, relative } from 'node:path';
import type { CreateDependenciesContext, ProjectConfiguration } from '@nx/devkit';
import { listManifests } from '../cargo/list-manifests';
import { LAYOUTS } from '../testing/cargo-layouts';
import { temporaryFolder } from '../testing/temporary-folder';
import { writeFiles } from '../testing/write-files';
import { inferDependencies } from './create-dependencies';
import { inferProjects } from './create-nodes';

jest.setTimeout(120_000);

interface Metadata {
  packages: Array<{ manifest_path: string; dependencies: Array<{ path?: string }> }>;
}

/** Edges between folders, straight from cargo, for every workspace that holds one of the crates. */
function edgesByCargo(root: string, manifests: string[], roots: Set<string>): string[] {
  const edges = manifests.flatMap((manifest) => {
    const args = ['metadata', '--no-deps', '--format-version', '1', '--offline', '--manifest-path', manifest];
    const { packages } = JSON.parse(execFileSync('cargo', args, { cwd: root, encoding: 'utf8' })) as Metadata;
    return packages.flatMap(({ manifest_path, dependencies }) => {
      const source = relative(root, dirname(manifest_path)) || '.';
      return dependencies.flatMap(({ path }) => (path ? [[source, relative(root, path) || '.']] : []));
    });
  });
  const inside = edges.filter(
    ([source = '', target = '']) => source !== target && roots.has(source) && roots.has(target),
  );
  return [...new Set(inside.map(([source, target]) => `${source} → ${target}`))].sort();
}

describe('the edges of the graph are those of cargo metadata, no more', () => {
  it.each(Object.keys(LAYOUTS))('%s', async (layout) => {
    const { path: root, remove } = await temporaryFolder('edges');
    try {
      await writeFiles(root, LAYOUTS[layout] ?? {});
      const results = await inferProjects(listManifests(root), undefined, {
        workspaceRoot: root,
        nxJsonConfiguration: {},
      });
      const found = results.flatMap(([, node]) =>
        Object.values(node.projects ?? {}),
      ) as ProjectConfiguration[];
      const projects = Object.fromEntries(found.map((project) => [project.name ?? '', project]));
      const context = { workspaceRoot: root, projects } as unknown as CreateDependenciesContext;
      const edges = await inferDependencies(undefined, context);
      const rootOf = (name: string) => projects[name]?.root ?? name;
      const roots = new Set(found.map((project) => project.root));
      const manifests = results.map(([file]) => file);
      expect(edges.map(({ source, target }) => `${rootOf(source)} → ${rootOf(target)}`).sort()).toEqual(
        edgesByCargo(root, manifests, roots),
      );
      for (const edge of edges) {
        expect(edge).toMatchObject({
          type: 'static',
          sourceFile: manifests[found.findIndex(({ name }) => name === edge.source)],
        });
      }
    } finally {
      await remove();
    }
  });
});

it('follows the names that Nx gives, and leaves out what Nx does not have', async () => {
  const { path: root, remove } = await temporaryFolder('edges');
  try {
    await writeFiles(root, LAYOUTS['several workspaces'] ?? {});
    await inferProjects(listManifests(root), undefined, {
      workspaceRoot: root,
      nxJsonConfiguration: {},
    });
    const projects = { renamed: { root: 'one/a' }, b: { root: 'one/b' }, c: { root: 'two/c' } };
    const context = { workspaceRoot: root, projects } as unknown as CreateDependenciesContext;
    expect(
      (await inferDependencies(undefined, context)).map(({ source, target }) => `${source} → ${target}`),
    ).toEqual(['renamed → b', 'c → renamed']);
  } finally {
    await remove();
  }
});
