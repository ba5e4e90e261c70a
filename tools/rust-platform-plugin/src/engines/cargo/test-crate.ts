import type { CargoEnvironment } from './cargo-environment';
import type { CargoSetup } from './cargo-setup';
import { compileTests, type TestBinary } from './compile-tests';
import { hasNextest, prepareNextest, runNextest, type PreparedNextest } from './nextest';
import { runDoctests, runLibtest } from './run-libtest';
import { countTests, type TestCounts, type TestSuite } from './test-results';
import { UNLOCKED_NOTE, withCargo, type Cargo } from './with-cargo';

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

const UNLISTABLE_NOTE =
  'a test binary has a harness of its own, which nextest cannot list: cargo test ran instead';

/** Unit, integration and doc tests of one crate. Failing tests are a result; everything else throws PlatformError. */
export async function testCrate(request: TestRequest): Promise<TestRun> {
  return withCargo(request, async (cargo) => {
    const useNextest = await hasNextest(cargo);
    if (useNextest && !request.sharesBinaryName) return testBesideCompilers(cargo, request);
    return cargo.exclusively(async () => {
      const binaries = await compileTests(cargo, request);
      const nextest = useNextest ? await prepareNextest(cargo, request) : undefined;
      return runAll(cargo, request, { binaries, nextest, exclusively: (work) => work() });
    });
  });
}

/** The compiled tests run without cargo, so other crates can be compiled meanwhile. */
async function testBesideCompilers(cargo: Cargo, request: TestRequest): Promise<TestRun> {
  const compiled = await cargo.exclusively(async () => {
    const binaries = await compileTests(cargo, request);
    return { binaries, nextest: await prepareNextest(cargo, request) };
  });
  return runAll(cargo, request, { ...compiled, exclusively: cargo.exclusively });
}

interface CompiledTests {
  binaries: TestBinary[];
  nextest: PreparedNextest | undefined;
  /** Takes the lock unless it is held already. */
  exclusively: Cargo['exclusively'];
}

async function runAll(cargo: Cargo, request: TestRequest, compiled: CompiledTests): Promise<TestRun> {
  try {
    const servers = await request.startServers();
    try {
      const unit = await runUnitTests(cargo, request, compiled, servers.env);
      const doc = request.crate.hasDoctests
        ? [await compiled.exclusively(() => runDoctests(cargo, request, servers.env))]
        : [];
      return combine(cargo, unit, doc);
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

function combine(cargo: Cargo, unit: UnitRun, docSuites: TestSuite[]): TestRun {
  const suites = [...unit.suites, ...docSuites].filter(({ cases }) => cases.length > 0);
  const counts = countTests(suites);
  const notes = [...unit.notes, ...(cargo.hasLock ? [] : [UNLOCKED_NOTE])];
  return {
    runner: unit.runner,
    suites,
    counts: { ...counts, ignored: counts.ignored + unit.ignored },
    doc: countTests(docSuites),
    notes,
  };
}
