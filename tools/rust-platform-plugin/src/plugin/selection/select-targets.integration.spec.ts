import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { selectedTasks, SelectionRepository, type Projects } from '../../testing/selection-repository';
import { compareWithBase, everything } from './compare-with-base';
import { GUARD } from './guards';

jest.setTimeout(60_000);

let repository: SelectionRepository;
beforeEach(async () => {
  repository = await SelectionRepository.create();
});
afterEach(() => repository.remove());

const bump = (name: string) => (text: string) =>
  text.replace(`name = "${name}"\nversion = "1.0.0"`, `name = "${name}"\nversion = "1.0.1"`);

describe('how a selected target looks', () => {
  const inputsOf = (projects: Projects, project: string, target: string) =>
    (projects[project]?.targets?.[target]?.inputs ?? []).filter((input) =>
      /RUST_PLATFORM_SELECTION/.test(JSON.stringify(input)),
    );
  const stand = (count: number) =>
    ['', '_2', '_3'].slice(0, count).map((end) => ({ env: `RUST_PLATFORM_SELECTION${end}` }));
  const output = { dependentTasksOutputFiles: 'env:RUST_PLATFORM_SELECTION' };

  test('in place of a variable that is never set it has the output of the guard, which is hashed alike', async () => {
    await repository.edit('rust/Cargo.toml', (text) => `${text}[profile.release]\nlto = true\n`);
    const projects = await repository.infer();
    expect(inputsOf(projects, 'web', 'build')).toEqual([output]);
    expect(inputsOf(projects, 'web', 'clippy')).toEqual(stand(1));
    // The outputs of its build are looked through as well.
    expect(inputsOf(projects, 'web', 'test-api')).toEqual([output]);
    expect(inputsOf(await repository.infer(async () => ({ kind: 'none' })), 'web', 'test-api')).toEqual(
      stand(2),
    );
    const alone = await repository.infer((request) =>
      compareWithBase(repository.since({ excludesDependencies: true }), request),
    );
    expect(inputsOf(alone, 'web', 'test-api')).toEqual([...stand(2), output]);
  });

  test('options, outputs and targets are the same in every run: they are hashed', async () => {
    const hashed = (projects: Projects) =>
      Object.entries(projects).map(([name, { targets = {}, namedInputs }]) => [
        name,
        namedInputs,
        Object.entries(targets).map(([target, { executor, options, outputs, cache }]) => [
          target,
          executor,
          options,
          outputs,
          cache,
        ]),
      ]);
    await repository.edit('rust/Cargo.lock', bump('leaf'));
    const none = hashed(await repository.infer(async () => ({ kind: 'none' })));
    expect(hashed(await repository.infer())).toEqual(none);
    expect(
      hashed(await repository.infer((request) => everything({ why: 'x', byProject: true }, request))),
    ).toEqual(none);
  });

  test('one guard per Cargo workspace, at its first crate, and it says what it is for', async () => {
    const projects = await repository.infer(async () => ({ kind: 'none' }));
    const guards = Object.values(projects).filter(({ targets = {} }) => GUARD in targets);
    expect(guards.map(({ name }) => name).sort()).toEqual(['alone', 'app']);
    expect(projects['app']?.targets?.[GUARD]).toMatchObject({
      executor: 'nx:noop',
      cache: false,
      metadata: { description: expect.stringMatching(/In this run no target depends on it\.$/) },
    });
    expect(selectedTasks(projects)).toEqual([]);
  });

  test('where Nx goes by projects, an uncached target of each changed crate names the changed files', async () => {
    await repository.edit('rust/Cargo.lock', bump('serde'));
    const projects = await repository.infer((request) =>
      compareWithBase(repository.since({ byProject: true }), request),
    );
    const named = Object.entries(projects).filter(([, { targets = {} }]) =>
      JSON.stringify(targets).includes('{workspaceRoot}/rust/Cargo.lock'),
    );
    expect(named.map(([name]) => name)).toEqual(['app']);
  });
});

describe('without a base', () => {
  const whyOf = async (more: Parameters<SelectionRepository['since']>[0]) => {
    const projects = await repository.infer((request) => compareWithBase(repository.since(more), request));
    return {
      why: projects['app']?.targets?.[GUARD]?.metadata?.description,
      found: selectedTasks(projects),
      projects,
    };
  };

  test.each([
    [{ base: 'nowhere' }, /this clone does not hold nowhere/],
    [{ head: 'HEAD~1' }, /HEAD~1 is not what is checked out/],
  ])('%j: every target depends on the guard, which says why', async (more, why) => {
    await repository.write({
      'rust/app/.env': 'RUST_LOG=debug\n',
      '.cargo/config.toml': '[build]\nrustflags = ["-g"]\n',
    });
    await repository.commit();
    const answer = await whyOf(more);
    expect(answer.why).toMatch(why);
    expect(answer.found).toEqual(
      expect.arrayContaining(['app:build', 'tool:lint-rust', 'alone:test', 'web:test-api']),
    );
    const inputs = answer.projects['app']?.targets?.[GUARD]?.inputs;
    expect(inputs).toEqual(
      expect.arrayContaining([
        '{workspaceRoot}/rust/Cargo.lock',
        '{workspaceRoot}/rust/kit/Cargo.toml',
        '{workspaceRoot}/docs/terms.md',
        '{workspaceRoot}/.cargo/config.toml',
        '{workspaceRoot}/rust/app/.env',
      ]),
    );
    expect(inputs).not.toContain('{workspaceRoot}/rust/kit/src/lib.rs');
  });

  test('a head that is checked out, and uncommitted changes, have one', async () => {
    await repository.edit('rust/Cargo.lock', bump('serde'));
    expect((await whyOf({ head: 'HEAD' })).found).toContain('app:build');
    expect((await whyOf({ head: 'HEAD' })).found).not.toContain('kit:build');
    expect((await whyOf({ base: 'nowhere', uncommitted: true })).found).not.toContain('kit:build');
  });

  test('no git at all is no error', async () => {
    await rm(join(repository.path, '.git'), { recursive: true });
    expect((await whyOf({})).why).toMatch(/git has no commit here/);
  });
});
