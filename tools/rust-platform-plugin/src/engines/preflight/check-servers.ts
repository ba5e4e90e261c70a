import { PlatformError } from '../../errors';
import { findProviders } from '../deps/find-providers';
import { checkServerPort } from './check-server-port';
import type { CheckResult, PreflightRequest } from './preflight-types';

/** Where PostgreSQL and Redis would come from. Only an address on another machine stops a plan that may be all cached. */
export async function checkServers(request: PreflightRequest): Promise<CheckResult[]> {
  const groups = [true, false].map((required) =>
    request.servers.filter((server) => server.required === required),
  );
  const results = await Promise.all(groups.map((group) => checkGroup(request, group)));
  return results.flat();
}

/** Asked together, so that nothing at all is one error that lists every way, not one for each server. */
async function checkGroup(
  request: PreflightRequest,
  servers: PreflightRequest['servers'],
): Promise<CheckResult[]> {
  const [first] = servers;
  if (!first) return [];
  const { choices, error } = await findProviders({ ...request, needs: servers.map(({ kind }) => kind) });
  if (error) return [judge(servers.map(({ kind }) => kind).join(', '), first.required, error)];
  const checked = await Promise.all(
    choices.map(async ({ kind, detail, provider, port }): Promise<CheckResult[]> => {
      const found: CheckResult = { name: kind, state: 'ok', detail };
      const { required } = first;
      return provider === 'given' || port === undefined
        ? [found]
        : [found, ...(await checkServerPort(request, { kind, required, port }))];
    }),
  );
  return checked.flat();
}

function judge(name: string, required: boolean, error: Error): CheckResult {
  if (!(error instanceof PlatformError)) throw error;
  if (required || error.code !== 'no-provider') return { name, state: 'problem', detail: error.what, error };
  return { name, state: 'note', detail: `${error.what}; results from the cache need none` };
}
