import { execa } from 'execa';
import { join } from 'node:path';
import { createWorkspace, expectNoProcesses, type Workspace } from './workspace';

describe('the graph', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await createWorkspace('graph');
  });
  afterAll(async () => {
    await expectNoProcesses(workspace);
    await workspace.remove();
  });

  test('has every edge that cargo metadata has, and no more', async () => {
    const { exitCode, output } = await workspace.nx(['graph', '--file=graph.json']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    const { graph } = JSON.parse(await workspace.read('graph.json')) as ProjectGraphFile;
    const edges = Object.values(graph.dependencies).flat();
    expect(edges.map(({ source, target }) => `${source} → ${target}`).sort()).toEqual(
      await edgesOfCargo(workspace.root),
    );
    expect(Object.keys(graph.nodes).sort()).toEqual(['front', 'hello', 'shared']);
  });

  test('nx show project reads like documentation', async () => {
    const { output } = await workspace.nx(['show', 'project', 'hello', '--json']);
    const project = JSON.parse(output) as ProjectJson;
    expect(Object.keys(project.targets).sort()).toEqual(
      [
        'audit',
        'bench',
        'build',
        'check',
        'clippy',
        'db-migrate',
        'deps',
        'lint-rust',
        'rustfmt',
        'serve',
        'test',
        'test-api',
        'test-api-live',
        'testing',
        'testing-bench',
      ].sort(),
    );
    for (const [name, target] of Object.entries(project.targets)) {
      expect({ name, ...target.metadata }).toMatchObject({
        description: expect.stringMatching(/\.$/),
        help: { command: expect.any(String), example: expect.any(Object) },
      });
      expect({ name, parallelism: target.parallelism }).not.toMatchObject({ parallelism: false });
    }
    // Of the project, and again only of the targets that use more than Rust.
    expect(project.metadata.technologies).toContain('rust');
    expect(project.targets['test-api']?.metadata?.technologies).toEqual(
      expect.arrayContaining(['rust', 'postgres', 'http']),
    );
    expect(Object.values(project.metadata.targetGroups).flat().sort()).toEqual(
      Object.keys(project.targets).sort(),
    );
  });

  test('a library gets build, test and lint, and no more', async () => {
    const { output } = await workspace.nx(['show', 'project', 'shared', '--json']);
    const { targets } = JSON.parse(output) as ProjectJson;
    expect(Object.keys(targets).sort()).toEqual([
      'audit',
      'build',
      'check',
      'clippy',
      'lint-rust',
      'rustfmt',
      'test',
    ]);
  });

  test('a broken Cargo.toml is named with its line, and the good crates are kept', async () => {
    const good = await workspace.read('rust/front/Cargo.toml');
    await workspace.write('rust/front/Cargo.toml', good.replace('[dependencies]', '[dependencies'));
    const { output } = await workspace.nx(['show', 'projects']);
    await workspace.write('rust/front/Cargo.toml', good);
    expect(output).toMatch(/rust\/front\/Cargo\.toml:\d+/);
    const { output: after } = await workspace.nx(['show', 'projects']);
    expect(after.split('\n')).toEqual(expect.arrayContaining(['front', 'hello', 'shared']));
  });

  test('an unknown key in the metadata is named with file, line and the nearest key', async () => {
    const good = await workspace.read('rust/hello/Cargo.toml');
    await workspace.write('rust/hello/Cargo.toml', good.replace('needs =', 'nedes ='));
    const { exitCode, output } = await workspace.nx(['run-many', '-t', 'build', '-p', 'hello']);
    await workspace.write('rust/hello/Cargo.toml', good);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/rust\/hello\/Cargo\.toml:\d+/);
    expect(output).toMatch(/nedes.*needs/s);
  });

  test('without cargo the graph is the same, and tasks say what is missing', async () => {
    const folder = join(workspace.temporary, 'bin');
    await execa('mkdir', ['-p', folder]);
    for (const tool of ['node', 'git', 'sh', 'ps']) {
      const { stdout } = await execa('which', [tool]);
      await execa('ln', ['-sf', stdout, join(folder, tool)]);
    }
    const env = { PATH: folder, HOME: workspace.temporary, CARGO_HOME: undefined };
    const listed = await workspace.nx(['show', 'projects'], { env });
    expect(listed.output.split('\n')).toEqual(expect.arrayContaining(['front', 'hello', 'shared']));
    const { exitCode, output } = await workspace.nx(['run', 'shared:build'], { env });
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/error\[cargo-missing\]/);
    expect(output).toMatch(/fix: .*rustup/);
  });

  test('RUST_PLATFORM_DISABLE=1 switches inference off', async () => {
    const { output } = await workspace.nx(['show', 'projects'], { env: { RUST_PLATFORM_DISABLE: '1' } });
    expect(output).not.toMatch(/hello/);
  });
});

interface ProjectGraphFile {
  graph: {
    nodes: Record<string, unknown>;
    dependencies: Record<string, Array<{ source: string; target: string }>>;
  };
}

interface ProjectJson {
  targets: Record<string, { metadata?: { technologies?: string[] }; parallelism?: boolean }>;
  metadata: { technologies: string[]; targetGroups: Record<string, string[]> };
}

async function edgesOfCargo(root: string): Promise<string[]> {
  const { stdout } = await execa('cargo', ['metadata', '--format-version', '1', '--no-deps', '--offline'], {
    cwd: join(root, 'rust'),
  });
  const { packages } = JSON.parse(stdout) as {
    packages: Array<{ name: string; dependencies: Array<{ name: string; path?: string }> }>;
  };
  return packages
    .flatMap(({ name, dependencies }) =>
      dependencies.filter(({ path }) => path).map((dependency) => `${name} → ${dependency.name}`),
    )
    .sort();
}
