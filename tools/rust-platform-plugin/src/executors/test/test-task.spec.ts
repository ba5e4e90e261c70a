import type { RustCrate, ServiceModel } from '../../service-model/service-model';
import { headline, sharesBinaryName } from './test-task';

it.each([
  [{ passed: 24, failed: 0, ignored: 1 }, 2, '24 passed (2 doc), 0 failed, 1 ignored'],
  [{ passed: 3, failed: 1, ignored: 0 }, 0, '3 passed, 1 failed, 0 ignored'],
  [{ passed: 0, failed: 0, ignored: 0 }, 0, 'no tests'],
])('tells %j with %i doc tests', (counts, docs, text) => {
  expect(headline({ counts, doc: { passed: docs, failed: 0, ignored: 0 } })).toBe(text);
});

describe('sharesBinaryName', () => {
  const crate = (name: string, binaries: string[], targetDirectory = '/ws/target'): RustCrate =>
    ({ manifest: `${name}/Cargo.toml`, binaries, targetDirectory }) as RustCrate;
  const model = (...crates: RustCrate[]): ServiceModel => ({ crates, problems: [] });
  const links = crate('links', ['schema', 'links']);

  it('sees the same name in one target directory only', () => {
    expect(sharesBinaryName(links, model(links, crate('other', ['schema'])))).toBe(true);
    expect(sharesBinaryName(links, model(links, crate('other', ['schema'], '/elsewhere')))).toBe(false);
    expect(sharesBinaryName(links, model(links, crate('other', ['other'])))).toBe(false);
  });
});
