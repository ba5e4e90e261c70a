import { isPortFree } from '../../process/ports';
import { messageOf } from '../message-of';
import { choosePort } from './choose-port';
import type { DepsSession } from './deps-session';
import type { ServerState } from './deps-state';
import type { ServerKind } from './deps-types';
import { noProviderError, type Unobtainable } from './no-provider-error';
import { removePortEntry } from './port-registry';
import { ProviderUnusable, type Candidate, type ProviderContext } from './provider';
import { noGivenEndpoint, searchProviders, type SearchStep } from './search-providers';
import { PortRacedError } from './server-errors';
import { PROVIDER_NAME, SERVER_NAME } from './server-names';
import { stopServer } from './stop-server';

type LastServer = ReturnType<DepsSession['last']>;

interface Plan {
  candidate: Candidate;
  port: number;
}

const BIND_ATTEMPTS = 3;

/**
 * Starts the servers that do not run yet. Nothing is started before every one has a provider, its files and a port; when
 * one fails to start, the others of this call are stopped again.
 */
export async function startServers(
  kinds: readonly ServerKind[],
  session: DepsSession,
  context: ProviderContext,
): Promise<ServerState[]> {
  const found = await findCandidates(kinds, context);
  const plans: Plan[] = [];
  try {
    for (const { first } of found)
      plans.push({ candidate: first, port: await reserve(first, session, context) });
    for (const [index, search] of found.entries()) await prepare(search, plans, index, session, context);
    return await startAll(plans, session, context);
  } catch (error) {
    await Promise.all(plans.map((plan) => undo(plan, session, context)));
    throw error;
  }
}

interface Search {
  kind: ServerKind;
  first: Candidate;
  steps: AsyncGenerator<SearchStep>;
  passedOver: string[];
}

async function findCandidates(kinds: readonly ServerKind[], context: ProviderContext): Promise<Search[]> {
  const found: Search[] = [];
  const missing: Unobtainable[] = [];
  for (const kind of kinds) {
    const steps = searchProviders(context, kind);
    const passedOver = [noGivenEndpoint(kind)];
    const first = await nextCandidate(kind, steps, passedOver, context);
    if (first) found.push({ kind, first, steps, passedOver });
    else missing.push({ kind, passedOver });
  }
  if (missing.length > 0) throw await noProviderError(missing);
  return found;
}

async function nextCandidate(
  kind: ServerKind,
  steps: AsyncGenerator<SearchStep>,
  passedOver: string[],
  { report }: ProviderContext,
): Promise<Candidate | undefined> {
  for (;;) {
    // Not `for await`: leaving its loop would end the generator, and the rest of it may be needed.
    const { done, value } = await steps.next();
    if (done) return undefined;
    const step = value as SearchStep;
    if (step.candidate) return step.candidate;
    passedOver.push(step.passedOver ?? '');
    report(`${SERVER_NAME[kind]}: ${step.passedOver}`);
  }
}

async function reserve(
  candidate: Candidate,
  session: DepsSession,
  context: ProviderContext,
): Promise<number> {
  // A server that crashed comes back where its users look for it.
  const before = session.server(candidate.kind)?.port;
  const preferred = before !== undefined && (await isPortFree(before)) ? before : candidate.preferredPort;
  return choosePort({ ...context, kind: candidate.kind, preferred, checkout: session.checkout });
}

async function prepare(
  search: Search,
  plans: Plan[],
  index: number,
  session: DepsSession,
  context: ProviderContext,
): Promise<void> {
  for (let candidate: Candidate | undefined = search.first; ;) {
    try {
      await candidate.prepare();
      return;
    } catch (error) {
      if (!(error instanceof ProviderUnusable)) throw error;
      const reason: string = `${PROVIDER_NAME[candidate.provider]}: ${error.message}`;
      search.passedOver.push(reason);
      context.report(`${SERVER_NAME[search.kind]}: ${reason}`);
    }
    candidate = await nextCandidate(search.kind, search.steps, search.passedOver, context);
    if (!candidate) throw await noProviderError([search]);
    await removePortEntry(plans[index]?.port ?? 0, session.checkout.id);
    plans[index] = { candidate, port: await reserve(candidate, session, context) };
  }
}

/** At once, except containers: two `compose up` of one project get in each other's way. */
async function startAll(
  plans: readonly Plan[],
  session: DepsSession,
  context: ProviderContext,
): Promise<ServerState[]> {
  let containers: Promise<unknown> = Promise.resolve();
  const starts = plans.map((plan) => {
    if (plan.candidate.provider !== 'compose') return start(plan, session, context);
    const started = containers.then(() => start(plan, session, context));
    containers = started.catch(() => undefined);
    return started;
  });
  const results = await Promise.allSettled(starts);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<ServerState>).value);
}

async function start(plan: Plan, session: DepsSession, context: ProviderContext): Promise<ServerState> {
  const { candidate } = plan;
  const { kind, provider, detail } = candidate;
  const last = session.last(kind);
  const began = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const server = await candidate.start({
        checkout: session.checkout,
        port: plan.port,
        remember: (facts) => session.remember(facts as ServerState),
      });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      context.report(
        `${SERVER_NAME[kind]}: ${PROVIDER_NAME[provider]} (${detail}), started on port ${server.port} in ${seconds} s`,
      );
      announceOtherData(last, server, context);
      return server;
    } catch (error) {
      if (!(error instanceof PortRacedError) || attempt === BIND_ATTEMPTS) throw error;
      await removePortEntry(plan.port, session.checkout.id);
      plan.port = await reserve(candidate, session, context);
    }
  }
}

/** Another provider or another major version has data of its own: nobody should look for his tables in vain. */
function announceOtherData(last: LastServer, server: ServerState, { report }: ProviderContext): void {
  if (!last || (last.provider === server.provider && last.dataDirectory === server.dataDirectory)) return;
  const where = last.dataDirectory ?? `the volume of ${PROVIDER_NAME[last.provider]}`;
  report(`${SERVER_NAME[server.kind]}: the data of the last server stays in ${where} and is not in this one`);
}

async function undo(
  { candidate, port }: Plan,
  session: DepsSession,
  context: ProviderContext,
): Promise<void> {
  const server = session.server(candidate.kind);
  try {
    if (server) await stopServer(server, session, context.env);
    await removePortEntry(port, session.checkout.id);
  } catch (error) {
    // What may still run stays known.
    context.report(messageOf(error));
  }
}
