import { PlatformError } from '../errors';
import { testModel } from '../testing/service-models';
import { resolveServices } from './resolve-services';

const model = testModel();
const bench = { name: 'bench', servicesOnly: true };
const test_ = { name: 'test', servicesOnly: false };
let asked = 0;
const listProjects = async () => {
  asked += 1;
  return ['links', 'gateway', 'service-kit', 'web'];
};
beforeEach(() => (asked = 0));

function resolve(words: string[], command = test_, list: () => Promise<string[] | undefined> = listProjects) {
  return resolveServices({ words, command, model, listProjects: list });
}

async function refusal(words: string[], command = test_): Promise<PlatformError> {
  const error: unknown = await resolve(words, command).catch((caught: unknown) => caught);
  if (!(error instanceof PlatformError)) throw new Error(`no refusal but ${String(error)}`);
  return error;
}

test('crates are found without asking Nx, by project or package name, once each', async () => {
  expect(await resolve(['links', 'gateway', 'links-package', 'links'])).toEqual(['links', 'gateway']);
  expect(asked).toBe(0);
});

test('a project that is no crate is found with Nx', async () => {
  expect(await resolve(['web'])).toEqual(['web']);
  expect(asked).toBe(1);
});

test('patterns are left to Nx', async () => {
  expect(await resolve(['tag:api', 'link*', '!web'], bench)).toEqual(['tag:api', 'link*', '!web']);
  expect(asked).toBe(0);
});

test('a typo gets the nearest name and exit code 2', async () => {
  expect(await refusal(['lnks'])).toMatchObject({
    code: 'unknown-service',
    exitCode: 2,
    what: 'There is no service or project called lnks',
    why: 'there are gateway, links, service-kit, web',
    fix: ['did you mean links?'],
  });
});

test('a library has no bench', async () => {
  expect(await refusal(['service-kit'], bench)).toMatchObject({
    code: 'not-a-service',
    exitCode: 2,
    what: 'service-kit has no target bench: it is a library',
  });
  expect(await resolve(['service-kit'])).toEqual(['service-kit']);
});

test('when Nx cannot say, the word is kept for Nx to judge', async () => {
  expect(await resolve(['web'], test_, async () => undefined)).toEqual(['web']);
});
