import type { Artifact } from './cargo-messages';
import type { CargoSetup } from './cargo-setup';
import { compileFailure } from './compile-failure';
import { messageFormat } from './message-format';
import { readOwnHarnesses } from './own-harness';
import type { Cargo } from './with-cargo';

/** A test binary of the crate. */
export interface TestBinary {
  /** In nextest's words: `links`, `links::api`, `links::bin/links`. */
  id: string;
  /** The option of `cargo test` that selects it, e.g. [`--test=api`]. */
  selector: string[];
  /** Declared with `harness = false`. */
  hasOwnHarness: boolean;
}

/** Compiles every test of the crate, doc tests aside; throws `compile-failed`. Nothing is run. */
export async function compileTests(cargo: Cargo, setup: CargoSetup): Promise<TestBinary[]> {
  const { crate } = setup;
  const args = ['--no-run', `-p=${crate.packageName}`, messageFormat(setup)];
  const result = await cargo.run({ subcommand: ['test'], args });
  if (result.exitCode !== 0) throw compileFailure(result, crate, cargo.manifestPath);
  const ownHarnesses = await readOwnHarnesses(cargo.manifestPath);
  return result.artifacts
    .filter(
      ({ isTest, executable, manifestPath }) => isTest && executable && manifestPath === cargo.manifestPath,
    )
    .map((artifact) => testBinary(crate.packageName, artifact, ownHarnesses));
}

function testBinary(packageName: string, { name, kind }: Artifact, ownHarnesses: Set<string>): TestBinary {
  const known = ['test', 'bin', 'example', 'bench'].find((candidate) => kind.includes(candidate));
  if (known === undefined) {
    return { id: packageName, selector: ['--lib'], hasOwnHarness: ownHarnesses.has('lib') };
  }
  const id = known === 'test' ? `${packageName}::${name}` : `${packageName}::${known}/${name}`;
  return { id, selector: [`--${known}=${name}`], hasOwnHarness: ownHarnesses.has(`${known}/${name}`) };
}
