import type { CargoEnvironment } from './cargo-environment';
import type { CargoSetup } from './cargo-setup';
import { TEST_ORDER } from './batch/compile-order';
import { compileCrate, type CompiledCrate, type Held } from './compile-crate';
import { hasNextest, prepareNextest, runNextest, type PreparedNextest } from './nextest';
import { runDoctests, runLibtest } from './run-libtest';
import { shareMachine } from './share-machine';
import { testBinaries, type TestBinary } from './test-binaries';
import { countTests, type TestCounts, type TestSuite } from './test-results';
import { createCargo, type Cargo } from './cargo';

export interface TestServers {
  /** For the test processes, never for the compiler. */
  env: CargoEnvironment;
  release(): Promise<void>;
}

export interface TestRequest extends CargoSetup {
  /** Called once the tests are compiled: a compile error starts no server. */
  startServers: () => Promise<TestServers>;
  /** Another crate writes a binary of the same name into the target directory: nothing may compile while tests run. */
  sharesBinaryName: boolean;
  /** Called once the tests are compiled; throws when the result must not count. */
  verify: (crate: CompiledCrate) => Promise<void>;
}

export interface TestRun {
  runner: 'nextest' | 'cargo test';
  suites: TestSuite[];
  /** All tests, doc tests included. */
  counts: TestCounts;
  doc: TestCounts;
  notes: string[];
}

interface UnitRun extends Pick<TestRun, 'runner' | 'suites' | 'notes'> {
  /** Ignored tests that stand in no suite. */
  ignored: number;
}

interface CompiledTests {
  binaries: TestBinary[];
  nextest: PreparedNextest | undefined;
  /** Of the compilation. */
  notes: string[];
  /** For calls of cargo; takes the lock unless it is held already. */
  exclusively: Cargo['exclusively'];
}

const UNLISTABLE_NOTE =
  'a test binary has a harness of its own, which nextest cannot list: cargo test ran instead';

/** Unit, integration and doc tests of one crate. Failing tests are a result; everything else throws PlatformError. */
export async function testCrate(request: TestRequest): Promise<TestRun> {
  const cargo = await createCargo(request);
  if (request.sharesBinaryName) {
    return compileCrate(request, TEST_ORDER, async (held) =>
      runAll(cargo, request, { ...(await prepare(cargo, request, held)), exclusively: held.oneByOne }),
    );
  }
  // The compiled tests run without cargo, so other crates can be compiled meanwhile.
  const tests = await compileCrate(request, TEST_ORDER, (held) => prepare(cargo, request, held));
  const run = (): Promise<TestRun> => runAll(cargo, request, { ...tests, exclusively: cargo.exclusively });
  try {
    return await inTurn(request, () => shareMachine(request, run));
  } finally {
    await tests.nextest?.dispose();
  }
}

async function prepare(
  cargo: Cargo,
  request: TestRequest,
  { crate, notes, together, env }: Held,
): Promise<Omit<CompiledTests, 'exclusively'>> {
  await request.verify(crate);
  const { artifacts } = crate.output;
  const packageId =
    artifacts.find(({ manifestPath }) => manifestPath === crate.manifestPath)?.packageId ?? '';
  const nextest = (await hasNextest(cargo, request))
    ? await prepareNextest(cargo, request, { packageId, together, env })
    : undefined;
  return { binaries: await testBinaries(request, crate), nextest, notes };
}

function inTurn<T>({ inTurn: wait }: CargoSetup, work: () => Promise<T>): Promise<T> {
  return wait ? wait(work) : work();
}

async function runAll(cargo: Cargo, request: TestRequest, compiled: CompiledTests): Promise<TestRun> {
  try {
    const servers = await request.startServers();
    try {
      const unit = await runUnitTests(cargo, request, compiled, servers.env);
      const doc = request.crate.hasDoctests
        ? [await compiled.exclusively(() => runDoctests(cargo, request, servers.env))]
        : [];
      return combine(unit, doc, compiled.notes);
    } finally {
      await servers.release();
    }
  } finally {
    await compiled.nextest?.dispose();
  }
}

async function runUnitTests(
  cargo: Cargo,
  request: TestRequest,
  { binaries, nextest, exclusively }: CompiledTests,
  env: CargoEnvironment,
): Promise<UnitRun> {
  const byCargo = (selected: TestBinary[]): Promise<TestSuite[]> =>
    selected.length === 0
      ? Promise.resolve([])
      : exclusively(() => runLibtest(cargo, request, selected, env));
  if (!nextest || binaries.length === 0) {
    return { runner: 'cargo test', suites: await byCargo(binaries), ignored: 0, notes: [] };
  }
  const { suites, flaky, ignored, unlistable } = await runNextest(cargo, request, nextest, env);
  if (unlistable) {
    return { runner: 'cargo test', suites: await byCargo(binaries), ignored: 0, notes: [UNLISTABLE_NOTE] };
  }
  const seen = new Set(suites.map(({ name }) => name));
  const unseen = binaries.filter(({ id, hasOwnHarness }) => hasOwnHarness && !seen.has(id));
  const notes = flaky.map((name) => `flaky: ${name} passed only on a later attempt`);
  return { runner: 'nextest', suites: [...suites, ...(await byCargo(unseen))], ignored, notes };
}

function combine(unit: UnitRun, docSuites: TestSuite[], notes: string[]): TestRun {
  const suites = [...unit.suites, ...docSuites].filter(({ cases }) => cases.length > 0);
  const counts = countTests(suites);
  return {
    runner: unit.runner,
    suites,
    counts: { ...counts, ignored: counts.ignored + unit.ignored },
    doc: countTests(docSuites),
    notes: [...unit.notes, ...notes],
  };
}
