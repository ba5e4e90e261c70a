import { realpath } from 'node:fs/promises';
import { redactUrl } from '../../process/redact';
import type { ServerEndpoint } from '../endpoints';
import type { EnsureDepsRequest, ProviderChoice, ProviderSurvey, ServerKind } from './deps-types';
import { namedEndpoints } from './given-endpoints';
import { noProviderError, type Unobtainable } from './no-provider-error';
import type { ProviderContext } from './provider';
import { noGivenEndpoint, searchProviders } from './search-providers';
import { PROVIDER_NAME, URL_VARIABLE } from './server-names';

export type SurveyRequest = Pick<
  EnsureDepsRequest,
  'workspaceRoot' | 'options' | 'needs' | 'env' | 'allowRemote' | 'signal'
>;

/** What `ensureDeps` would use; starts, writes, pulls and downloads nothing. Errors of the user are in `error`. */
export async function findProviders(request: SurveyRequest): Promise<ProviderSurvey> {
  const kinds = [...new Set(request.needs)];
  try {
    const given = namedEndpoints({ ...request, needs: kinds });
    const context = { ...request, root: await realpath(request.workspaceRoot), report: () => undefined };
    const choices = await Promise.all(
      kinds.map(async (kind) => {
        const endpoint = given.find((named) => named.kind === kind);
        return endpoint ? givenChoice(endpoint) : searchFor(context, kind);
      }),
    );
    const missing = choices.filter(({ provider }) => provider === undefined);
    return { choices, error: missing.length > 0 ? await noProviderError(missing) : undefined };
  } catch (error) {
    return { choices: [], error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function givenChoice({ kind, url, port }: ServerEndpoint): ProviderChoice {
  return { kind, provider: 'given', port, detail: `${URL_VARIABLE[kind]}=${redactUrl(url)}`, passedOver: [] };
}

async function searchFor(context: ProviderContext, kind: ServerKind): Promise<ProviderChoice & Unobtainable> {
  const passedOver = [noGivenEndpoint(kind)];
  for await (const { provider, candidate, passedOver: reason } of searchProviders(context, kind)) {
    const problem = await candidate?.problem?.();
    if (candidate && problem === undefined) {
      const detail = `${PROVIDER_NAME[provider]} (${candidate.detail})`;
      return { kind, provider, detail, port: candidate.preferredPort, passedOver };
    }
    passedOver.push(reason ?? `${PROVIDER_NAME[provider]}: ${problem}`);
  }
  return { kind, provider: undefined, detail: 'nothing', port: undefined, passedOver };
}
