import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { publishBinaries } from '../../engines/cargo/publish-binaries';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import type { TaskContext } from '../task-context';
import { prepareServices } from './isolated-services';
import { projectNamesOf } from './project-names';

const NAMES = projectNamesOf({
  projectsConfigurations: {
    version: 2,
    projects: { edge: { root: 'services/edge' }, 'short-links': { root: 'services/links' } },
  },
} as Partial<ExecutorContext> as ExecutorContext);

describe('a needed service whose project.json gives it another name', () => {
  let folder: TemporaryFolder;
  beforeEach(async () => (folder = await temporaryFolder('project-names')));
  afterEach(() => folder.remove());

  async function publish(project: string, binary: string): Promise<void> {
    const executable = join(folder.path, binary);
    await writeFile(executable, '#!/bin/sh\n');
    await chmod(executable, 0o755);
    await mkdir(join(folder.path, 'dist'), { recursive: true });
    await publishBinaries(join(folder.path, 'dist', project), [{ name: binary, executable }], {
      ...{ schemaVersion: 1, project, package: binary, profile: 'release' },
      ...{ rustc: 'rustc 1.95.0', cargoArgs: [], lockSha256: null },
    });
  }

  function task(): TaskContext {
    const crateOf = (project: string, needs: unknown[]) => ({
      ...{ project, root: `services/${project}` },
      service: { binary: project, needs },
    });
    const edge = crateOf('edge', [{ kind: 'service', project: 'links' }]);
    return {
      ...{ workspaceRoot: folder.path, options: { distDirectory: 'dist' }, project: 'edge', crate: edge },
      model: { crates: [edge, crateOf('links', [])], problems: [] },
      projectNames: NAMES,
    } as unknown as TaskContext;
  }

  it('is found where its build was published', async () => {
    await publish('edge', 'edge');
    await publish('short-links', 'links');
    const { binaries, crates } = await prepareServices(task(), false);
    expect(binaries.map(({ command }) => command)).toEqual([
      join(folder.path, 'dist/short-links/links'),
      join(folder.path, 'dist/edge/edge'),
    ]);
    expect(crates.map(({ project }) => project)).toEqual(['links', 'edge']);
  });

  it('is asked for by the name that Nx knows', async () => {
    await publish('edge', 'edge');
    await expect(prepareServices(task(), false)).rejects.toMatchObject({
      ...{ code: 'no-build', fix: ['rust-platform build short-links'] },
    });
  });
});

test('projectNamesOf: nothing is known without the configurations', () => {
  expect(projectNamesOf({} as ExecutorContext)).toEqual({});
});
