import type { Diagnostic } from '../cargo-messages';
import { packageName } from '../compile-failure';
import type { CompilerOutput } from '../diagnostics';
import type { CargoWords } from './cargo-words';
import { isComplete, type CargoTarget, type CompileOrder } from './compile-order';

/** A crate of the call, as judging needs it. */
export interface Judged {
  packageName: string;
  /** Absolute, links resolved. */
  manifestPath: string;
  /** Manifests of the crates in the repository that it is built from. */
  builtFrom: ReadonlySet<string>;
}

export interface CrateVerdict {
  /** `compiled`: everything of it. `not-reached`: a crate below it failed. `unknown`: only cargo for it alone can tell. */
  kind: 'compiled' | 'failed' | 'not-reached' | 'unknown';
  /** Its own errors, or those of the crates that stand in its way. */
  errors: Diagnostic[];
  /** What cargo said of the failure besides. */
  words: string;
  /** Names of the packages that stand in its way, sorted. */
  because: string[];
}

/** Tells the crates of one call of cargo apart: nobody passes for whom cargo did not report everything. */
export function judgeCrates(request: {
  crates: readonly Judged[];
  order: CompileOrder;
  exitCode: number | undefined;
  output: CompilerOutput;
  words: CargoWords;
  /** By manifest; needed after a failure only. */
  targets: ReadonlyMap<string, readonly CargoTarget[]>;
}): Map<string, CrateVerdict> {
  const { crates, exitCode } = request;
  if (exitCode === 0) return new Map(crates.map(({ manifestPath }) => [manifestPath, COMPILED]));
  const failures = failuresOf(request);
  return new Map(crates.map((crate) => [crate.manifestPath, verdictOf(crate, failures, request)]));
}

const COMPILED: CrateVerdict = { kind: 'compiled', errors: [], words: '', because: [] };

type Request = Parameters<typeof judgeCrates>[0];

interface Failure {
  name: string;
  errors: Diagnostic[];
  words: string;
}

/** By manifest, or by name where cargo does not tell the folder and it is no crate of the call. */
function failuresOf({ crates, output, words }: Request): Map<string, Failure> {
  const failures = new Map<string, Failure>();
  const failureOf = (key: string, name: string): Failure => {
    const failure = failures.get(key) ?? { name, errors: [], words: '' };
    failures.set(key, failure);
    return failure;
  };
  for (const error of output.errors) {
    failureOf(error.manifestPath, packageName(error.packageId)).errors.push(error);
  }
  for (const { name, folder, text, isError } of words.packages) {
    const named = folder === undefined ? undefined : `${folder}/Cargo.toml`;
    const own = crates.find(
      (crate) => crate.packageName === name && (named === undefined || crate.manifestPath === named),
    );
    if (isError) failureOf(own?.manifestPath ?? named ?? name, name).words += text;
  }
  return failures;
}

function verdictOf(crate: Judged, failures: Map<string, Failure>, request: Request): CrateVerdict {
  const own = failures.get(crate.manifestPath);
  if (own) return { kind: 'failed', errors: own.errors, words: own.words, because: [] };
  const { order, output, targets, words } = request;
  const known = targets.get(crate.manifestPath) ?? [];
  const artifacts = output.artifacts.filter(({ manifestPath }) => manifestPath === crate.manifestPath);
  if (known.length > 0 && isComplete({ order, targets: known, artifacts })) return COMPILED;
  const causes = causesOf(crate, failures, request);
  if (causes.length === 0) return { kind: 'unknown', errors: [], words: words.others, because: [] };
  return {
    kind: 'not-reached',
    errors: causes.flatMap(({ errors }) => errors),
    words: causes.map((cause) => cause.words).join(''),
    because: causes.map(({ name }) => name).sort(),
  };
}

/** The failures that stand in the way of a crate: below it and not only in their own tests, or outside the call. */
function causesOf(crate: Judged, failures: Map<string, Failure>, { crates, output }: Request): Failure[] {
  const withLibrary = new Set(
    output.artifacts
      .filter(({ isTest, kind }) => !isTest && !NO_LIBRARY.some((family) => kind.includes(family)))
      .map(({ manifestPath }) => manifestPath),
  );
  const below = [...failures.keys()].filter((key) => crate.builtFrom.has(key));
  const blocking = below.filter((key) => !withLibrary.has(key));
  const outside = [...failures.keys()].filter(
    (key) => !crates.some(({ manifestPath }) => manifestPath === key),
  );
  const found = [blocking, below, outside].find((keys) => keys.length > 0) ?? [];
  return found.flatMap((key) => failures.get(key) ?? []);
}

const NO_LIBRARY = ['bin', 'test', 'bench', 'example', 'custom-build'];
