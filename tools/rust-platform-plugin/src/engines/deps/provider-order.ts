import { EXIT, PlatformError } from '../../errors';
import type { Provider } from './deps-types';

/** The order in which providers are tried. */
export const PROVIDERS: readonly Provider[] = ['given', 'compose', 'local', 'embedded'];

const VARIABLE = 'RUST_PLATFORM_PROVIDERS';

/** `RUST_PLATFORM_PROVIDERS=local,embedded` leaves the others out; the order stays. Unset or empty: all. */
export function allowedProviders(env: NodeJS.ProcessEnv): Provider[] {
  const names = (env[VARIABLE] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !(PROVIDERS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new PlatformError({
      code: 'unknown-provider',
      what: `${VARIABLE} names ${unknown.join(', ')}, which is no provider`,
      fix: `choose among ${PROVIDERS.join(', ')}, e.g. ${VARIABLE}=local,embedded`,
      exitCode: EXIT.usage,
    });
  }
  return names.length === 0 ? [...PROVIDERS] : PROVIDERS.filter((provider) => names.includes(provider));
}
