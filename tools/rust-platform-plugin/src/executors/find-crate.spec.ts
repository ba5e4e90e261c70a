import type { ExecutorContext } from '@nx/devkit';
import type { ModelProblem, RustCrate, ServiceModel } from '../service-model/service-model';
import { assertNoProblem, findCrate } from './find-crate';

function crate(root: string, cargoRoot: string): RustCrate {
  return {
    project: root,
    root,
    cargoRoot,
    manifest: root === '.' ? 'Cargo.toml' : `${root}/Cargo.toml`,
  } as RustCrate;
}

function problem(
  file: string,
  severity: ModelProblem['severity'] = 'task',
  code = 'cargo-refused',
): ModelProblem {
  return { code, file, severity, what: 'refused', fix: 'x' };
}

const links = crate('services/links', 'services');
const kit = crate('services/kit', 'services');
const rootPackage = crate('.', '.');
const crates = [rootPackage, links, kit];

function model(...problems: ModelProblem[]): ServiceModel {
  return { crates, problems };
}

describe('assertNoProblem', () => {
  it.each([
    ['services/Cargo.toml', links, true],
    ['services/rust-toolchain.toml', links, true],
    ['../rust-toolchain.toml', links, true],
    ['services/links/Cargo.toml', links, true],
    ['services/kit/Cargo.toml', links, false],
    ['Cargo.toml', links, false],
    ['Cargo.toml', rootPackage, true],
    ['services/Cargo.toml', rootPackage, false],
  ])('a task problem of %s', (file, subject, concerns) => {
    const check = (): void => assertNoProblem(subject, model(problem(file)));
    if (concerns) expect(check).toThrow(`${file}: refused`);
    else expect(check).not.toThrow();
  });

  it('leaves problems of inference to the file they belong to', () => {
    expect(() => assertNoProblem(links, model(problem('services/Cargo.toml', 'inference')))).not.toThrow();
    expect(() => assertNoProblem(links, model(problem('services/links/Cargo.toml', 'inference')))).toThrow(
      'refused',
    );
  });

  it('ends with the code of a failed pre-flight when the tool itself is missing', () => {
    const missing = model(problem('services/Cargo.toml', 'task', 'cargo-missing'));
    expect(() => assertNoProblem(links, missing)).toThrow(
      expect.objectContaining({ code: 'cargo-missing', exitCode: 4 }),
    );
  });
});

describe('findCrate', () => {
  const context = (projectName: string, root?: string): ExecutorContext =>
    ({
      projectName,
      projectsConfigurations: { projects: root === undefined ? {} : { [projectName]: { root } } },
    }) as unknown as ExecutorContext;

  it('goes by the folder, because project.json may rename the project', () => {
    expect(findCrate(context('renamed', 'services/links'), model())).toBe(links);
    expect(findCrate(context('services/kit'), model())).toBe(kit);
  });

  it('explains a crate that is not there', () => {
    expect(() => findCrate(context('gone'), model())).toThrow(
      expect.objectContaining({ code: 'unknown-crate', exitCode: 2 }),
    );
    const broken = problem('services/broken/Cargo.toml', 'inference', 'manifest-invalid');
    expect(() => findCrate(context('broken', 'services/broken'), model(broken))).toThrow(
      expect.objectContaining({ code: 'manifest-invalid' }),
    );
  });
});
