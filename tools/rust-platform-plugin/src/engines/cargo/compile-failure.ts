import { PlatformError } from '../../errors';
import type { CrateVerdict } from './batch/judge-crates';
import { explainCargoFailure, manifestArgument, stripAnsi } from './cargo-failures';
import type { CargoCrate } from './cargo-setup';
import { count, inOrder, placeOf } from './diagnostics';

/** Code of the error of a crate that was not judged, because one below it failed. */
export const NOT_REACHED = 'not-reached';

/** Why a crate was not compiled; the diagnostics have been printed before. `end`: how cargo ended. */
export function compileFailure(verdict: CrateVerdict, crate: CargoCrate, end: string): PlatformError {
  const { kind, words, because } = verdict;
  const errors = inOrder(verdict.errors);
  const known = explainCargoFailure([...errors.map(({ rendered }) => rendered), words].join('\n'), crate);
  if (known) return known;
  const fix = `cargo check --all-targets -p ${crate.packageName}${manifestArgument(crate)}`;
  const [first] = errors;
  const why = first ? placeOf(first) : (lastErrorLine(words) ?? end);
  if (kind === 'not-reached') {
    const what = `${crate.packageName} was not compiled, because ${sentenceOf(because)}`;
    return new PlatformError({ code: NOT_REACHED, what, why, fix });
  }
  if (!first) {
    return new PlatformError({
      code: 'cargo-failed',
      what: `cargo failed for ${crate.packageName}`,
      why,
      fix,
    });
  }
  const what = `${crate.packageName} does not compile: ${count(errors.length, 'error')}`;
  return new PlatformError({ code: 'compile-failed', what, why, fix });
}

function sentenceOf(names: readonly string[]): string {
  const last = names.at(-1) ?? 'another crate';
  return names.length > 1
    ? `${names.slice(0, -1).join(', ')} and ${last} do not compile`
    : `${last} does not compile`;
}

/** cargo's package ids: `path+file:///x/links#0.1.0`, `…#name@0.1.0`, or `name 0.1.0 (path+…)` of old. */
export function packageName(packageId: string): string {
  const [, tail = ''] = packageId.split('#');
  if (tail.includes('@')) return tail.slice(0, tail.lastIndexOf('@'));
  if (tail === '') return packageId.split(' ')[0] ?? packageId;
  return packageId.split('#')[0]?.split('/').pop() ?? packageId;
}

function lastErrorLine(words: string): string | undefined {
  return stripAnsi(words)
    .split('\n')
    .reverse()
    .find((line) => line.startsWith('error'))
    ?.trim();
}
