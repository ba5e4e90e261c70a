import type { Artifact } from './cargo-messages';
import type { CargoSetup } from './cargo-setup';
import type { CompiledCrate } from './compile-crate';
import { readOwnHarnesses } from './own-harness';

/** A test binary of the crate. */
export interface TestBinary {
  /** In nextest's words: `links`, `links::api`, `links::bin/links`. */
  id: string;
  /** The option of `cargo test` that selects it, e.g. [`--test=api`]. */
  selector: string[];
  /** Declared with `harness = false`. */
  hasOwnHarness: boolean;
}

/** Every test of the crate that was compiled, doc tests aside. */
export async function testBinaries({ crate }: CargoSetup, compiled: CompiledCrate): Promise<TestBinary[]> {
  const ownHarnesses = await readOwnHarnesses(compiled.manifestPath);
  return compiled.output.artifacts
    .filter(
      ({ isTest, executable, manifestPath }) =>
        isTest && executable && manifestPath === compiled.manifestPath,
    )
    .map((artifact) => testBinary(crate.packageName, artifact, ownHarnesses))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function testBinary(packageName: string, { name, kind }: Artifact, ownHarnesses: Set<string>): TestBinary {
  const known = ['test', 'bin', 'example', 'bench'].find((candidate) => kind.includes(candidate));
  if (known === undefined) {
    return { id: packageName, selector: ['--lib'], hasOwnHarness: ownHarnesses.has('lib') };
  }
  const id = known === 'test' ? `${packageName}::${name}` : `${packageName}::${known}/${name}`;
  return { id, selector: [`--${known}=${name}`], hasOwnHarness: ownHarnesses.has(`${known}/${name}`) };
}
