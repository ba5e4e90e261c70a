import { findComposeProvider } from './compose-provider';
import type { ServerKind } from './deps-types';
import { findEmbeddedProvider } from './embedded-provider';
import { findLocalProvider } from './local-provider';
import type { Candidate, ProviderContext, ProviderSearch } from './provider';
import { allowedProviders } from './provider-order';
import { PROVIDER_NAME, URL_VARIABLE } from './server-names';

const SEARCHES: Record<Candidate['provider'], ProviderSearch> = {
  compose: findComposeProvider,
  local: findLocalProvider,
  embedded: findEmbeddedProvider,
};

/** One step of the search: a candidate, or why the provider was passed over. */
export interface SearchStep {
  provider: Candidate['provider'];
  candidate?: Candidate;
  /** e.g. `Docker Compose: no Docker engine answers at …`. */
  passedOver?: string;
}

/** Tries the providers in their order, each only when the one before it was not taken. */
export async function* searchProviders(
  context: ProviderContext,
  kind: ServerKind,
): AsyncGenerator<SearchStep> {
  const allowed = allowedProviders(context.env);
  for (const provider of Object.keys(SEARCHES) as Array<Candidate['provider']>) {
    if (!allowed.includes(provider)) {
      yield { provider, passedOver: `${PROVIDER_NAME[provider]}: left out by RUST_PLATFORM_PROVIDERS` };
      continue;
    }
    const found = await SEARCHES[provider](context, kind);
    yield 'candidate' in found
      ? { provider, candidate: found.candidate }
      : { provider, passedOver: `${PROVIDER_NAME[provider]}: ${found.reason}` };
  }
}

/** The reason why the first provider does not apply, for the list of those that were passed over. */
export function noGivenEndpoint(kind: ServerKind): string {
  return `${PROVIDER_NAME.given}: ${URL_VARIABLE[kind]} is not set`;
}
