import { PlatformError } from '../../errors';
import { manifestArgument } from './cargo-failures';
import type { CargoCrate } from './cargo-setup';
import { count, placeOf } from './diagnostics';
import type { CargoResult } from './with-cargo';

/** For a cargo call that failed although the surroundings were fine; the diagnostics have been printed before. */
export function compileFailure(result: CargoResult, crate: CargoCrate, manifestPath: string): PlatformError {
  const { errors } = result;
  const own = errors.filter((error) => error.manifestPath === manifestPath);
  const fix = `cargo check --all-targets -p ${crate.packageName}${manifestArgument(crate)}`;
  const [first] = own.length > 0 ? own : errors;
  if (!first) {
    const why =
      lastErrorLine(result.stderr) ?? `cargo ended with ${result.signal ?? `exit code ${result.exitCode}`}`;
    return new PlatformError({
      code: 'cargo-failed',
      what: `cargo failed for ${crate.packageName}`,
      why,
      fix,
    });
  }
  const what =
    own.length > 0
      ? `${crate.packageName} does not compile: ${count(own.length, 'error')}`
      : `${crate.packageName} was not compiled, because ${packageName(first.packageId)} does not compile`;
  return new PlatformError({ code: 'compile-failed', what, why: placeOf(first), fix });
}

/** cargo's package ids: `path+file:///x/links#0.1.0`, `…#name@0.1.0`, or `name 0.1.0 (path+…)` of old. */
export function packageName(packageId: string): string {
  const [, tail = ''] = packageId.split('#');
  if (tail.includes('@')) return tail.slice(0, tail.lastIndexOf('@'));
  if (tail === '') return packageId.split(' ')[0] ?? packageId;
  return packageId.split('#')[0]?.split('/').pop() ?? packageId;
}

function lastErrorLine(stderr: string): string | undefined {
  return stderr
    .split('\n')
    .reverse()
    .find((line) => line.startsWith('error'))
    ?.trim();
}
