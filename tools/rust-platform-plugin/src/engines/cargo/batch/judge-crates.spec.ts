import type { Artifact, Diagnostic } from '../cargo-messages';
import { parseCargoWords } from './cargo-words';
import { CHECK_ORDER, type CargoTarget, type CompileOrder } from './compile-order';
import { judgeCrates, type CrateVerdict } from './judge-crates';

const manifest = (name: string): string => `/ws/${name}/Cargo.toml`;
const LIBRARY: CargoTarget = { name: 'lib', kind: ['lib'], test: true };
const unit = (crate: string, isTest: boolean, target = LIBRARY): Artifact =>
  ({ manifestPath: manifest(crate), name: target.name, kind: target.kind, isTest }) as Artifact;
const whole = (crate: string): Artifact[] => [unit(crate, false), unit(crate, true)];
const error = (crate: string): Diagnostic =>
  ({
    level: 'error',
    manifestPath: manifest(crate),
    packageId: `path+file:///ws/${crate}#0.1.0`,
  }) as Diagnostic;

/** `links` is built from `kit`, `far` from both, `solo` from nothing. */
const BUILT_FROM: Record<string, string[]> = { kit: [], links: ['kit'], far: ['links', 'kit'], solo: [] };

function judge(request: {
  errors?: string[];
  artifacts?: Artifact[];
  exitCode?: number;
  stderr?: string;
  targets?: Record<string, CargoTarget[]>;
  order?: CompileOrder;
}): Record<string, CrateVerdict> {
  const {
    errors = [],
    artifacts = [],
    exitCode = 101,
    stderr = '',
    targets = {},
    order = CHECK_ORDER,
  } = request;
  const names = Object.keys(BUILT_FROM);
  const verdicts = judgeCrates({
    crates: names.map((packageName) => ({
      packageName,
      manifestPath: manifest(packageName),
      builtFrom: new Set(BUILT_FROM[packageName]?.map(manifest)),
    })),
    order,
    exitCode,
    output: { errors: errors.map(error), warnings: [], artifacts, buildScripts: [] },
    words: parseCargoWords(stderr),
    targets: new Map(names.map((name) => [manifest(name), targets[name] ?? [LIBRARY]])),
  });
  return Object.fromEntries(names.map((name) => [name, verdicts.get(manifest(name)) as CrateVerdict]));
}

const kinds = (verdicts: Record<string, CrateVerdict>): string[] =>
  Object.values(verdicts).map(({ kind }) => kind);

describe('judgeCrates', () => {
  it('believes cargo that ended well', () => {
    expect(kinds(judge({ exitCode: 0 }))).toEqual(['compiled', 'compiled', 'compiled', 'compiled']);
  });

  it('tells what failed, what was not reached for it, and what was compiled', () => {
    const verdicts = judge({ errors: ['kit'], artifacts: whole('solo') });
    expect(kinds(verdicts)).toEqual(['failed', 'not-reached', 'not-reached', 'compiled']);
    expect(verdicts['far']).toMatchObject({ because: ['kit'], errors: [{ manifestPath: manifest('kit') }] });
  });

  it('does not let a crate pass of which a part is missing', () => {
    const verdicts = judge({ errors: ['kit'], artifacts: [...whole('solo'), unit('links', false)] });
    expect(verdicts['links']?.kind).toBe('not-reached');
  });

  it('lets those pass that only need the library of a crate whose tests fail', () => {
    const artifacts = [unit('kit', false), ...whole('links'), ...whole('far'), ...whole('solo')];
    expect(kinds(judge({ errors: ['kit'], artifacts }))).toEqual([
      'failed',
      'compiled',
      'compiled',
      'compiled',
    ]);
  });

  it('names as the cause what stands in the way, not what failed beside it', () => {
    const artifacts = [unit('kit', false), ...whole('solo')];
    expect(judge({ errors: ['kit', 'links'], artifacts })['far']?.because).toEqual(['links']);
  });

  it('reads of a failed build script in the words of cargo', () => {
    const stderr = 'error: failed to run custom build command for `kit v0.1.0 (/ws/kit)`\n';
    const verdicts = judge({ stderr, artifacts: whole('solo') });
    expect(kinds(verdicts)).toEqual(['failed', 'not-reached', 'not-reached', 'compiled']);
    expect(verdicts['links']).toMatchObject({ because: ['kit'], words: stderr });
  });

  it('takes a failure outside the call for the cause of everything that is missing', () => {
    const stderr = 'error: failed to run custom build command for `openssl-sys v0.9.1`\n';
    const verdicts = judge({ stderr, artifacts: whole('solo') });
    expect(kinds(verdicts)).toEqual(['not-reached', 'not-reached', 'not-reached', 'compiled']);
    expect(verdicts['kit']?.because).toEqual(['openssl-sys']);
  });

  it('does not know of a crate that nothing stands in the way of', () => {
    expect(judge({ errors: ['links'], artifacts: whole('kit') })['solo']?.kind).toBe('unknown');
    expect(kinds(judge({ stderr: 'error: the lock file needs to be updated\n' }))).toEqual(
      Array.from({ length: 4 }, () => 'unknown'),
    );
  });

  it.each([
    ['a binary', { name: 'app', kind: ['bin'], test: true }, [false]],
    ['an integration test', { name: 'api', kind: ['test'], test: true }, []],
    ['a build script', { name: 'build-script-build', kind: ['custom-build'], test: false }, []],
    ['an example', { name: 'ex', kind: ['example'], test: false }, []],
    ['a bench', { name: 'speed', kind: ['bench'], test: false }, [false]],
  ])('misses %s', (_what, target, seen) => {
    const artifacts = [...whole('solo'), ...seen.map((isTest) => unit('solo', isTest, target))];
    const targets = { solo: [LIBRARY, target] };
    expect(judge({ errors: ['kit'], artifacts, targets })['solo']?.kind).toBe('unknown');
    const complete = [...artifacts, unit('solo', true, target), unit('solo', false, target)];
    expect(judge({ errors: ['kit'], artifacts: complete, targets })['solo']?.kind).toBe('compiled');
  });

  it('asks a build for its programs only', () => {
    const order: CompileOrder = { subcommand: 'build', args: ['--release', '--bins'] };
    const program = { name: 'app', kind: ['bin'], test: true };
    const targets = { solo: [LIBRARY, program] };
    const artifacts = [unit('solo', false, program)];
    expect(judge({ errors: ['kit'], order, targets, artifacts })['solo']?.kind).toBe('compiled');
    expect(judge({ errors: ['kit'], order, targets, artifacts: whole('solo') })['solo']?.kind).toBe(
      'unknown',
    );
  });
});
