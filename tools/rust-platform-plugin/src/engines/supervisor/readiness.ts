import { setTimeout as delay } from 'node:timers/promises';
import type { PlatformError } from '../../errors';
import { listeningPortsOf, whoListens, type Listener } from '../../process/process-facts';
import type { ProcessIdentity } from '../../process/process-identity';
import { probeAddress, probeHealth } from './health-probe';
import { notReady, portTaken, wrongPort } from './readiness-errors';
import type { ServiceSpec } from './service-spec';

export interface ReadinessOptions {
  spec: ServiceSpec;
  /** Everybody who belongs to the service now. */
  tree: () => Promise<ProcessIdentity[]>;
  /** Aborted when the service ends or is stopped: then the wait ends without a verdict. */
  signal: AbortSignal;
  /** What the service wrote last, for the error. */
  lastLines: () => string[];
}

const POLL_MS = { first: 50, longest: 250 };
const LOOK_AT_SOCKETS_MS = 500;
/** A service may open a port for metrics first: only one that stays alone so long is taken for a mistake. */
const WRONG_PORT_MS = 5_000;

/**
 * Resolves when the health URL answers 2xx and a process of the service owns the socket: either alone would take a
 * stranger's server for ours. Without a health URL the socket alone counts.
 *
 * @throws PlatformError `port-taken`, `wrong-port`, `service-not-ready`.
 */
export async function waitUntilReady({ spec, tree, signal, lastLines }: ReadinessOptions): Promise<void> {
  const deadline = Date.now() + spec.startTimeoutMs;
  const sockets = new SocketWatch(spec, tree);
  let pause = POLL_MS.first;
  for (let tries = 1; !signal.aborted; tries += 1) {
    const health = spec.health ? await probeHealth(spec.port, spec.health) : { ok: true, said: 'not asked' };
    if (signal.aborted) return;
    if ((await sockets.look(health.ok)) && health.ok) return;
    if (Date.now() >= deadline) throw lateError(spec, sockets, { tries, said: health.said }, lastLines());
    await delay(Math.min(pause, Math.max(1, deadline - Date.now())), undefined, { signal }).catch(
      () => undefined,
    );
    pause = Math.min(pause * 1.1, POLL_MS.longest);
  }
}

function lateError(
  spec: ServiceSpec,
  sockets: SocketWatch,
  tried: { tries: number; said: string },
  lines: string[],
): PlatformError {
  return sockets.others.length > 0 && !sockets.ours
    ? wrongPort(spec, sockets.others)
    : notReady(spec, { ...tried, portIsOurs: sockets.ours }, lines);
}

/** Who owns the service's port, and which other ports the service has opened. */
class SocketWatch {
  ours = false;
  others: Listener[] = [];
  private lookedAt = 0;
  private strangerSeen = false;
  private othersSince: number | undefined;

  constructor(
    private readonly spec: ServiceSpec,
    private readonly tree: () => Promise<ProcessIdentity[]>,
  ) {}

  /** True when the port is ours. Reading processes costs more than a probe, so that is not done every time. */
  async look(now: boolean): Promise<boolean> {
    const due = Date.now() - this.lookedAt >= LOOK_AT_SOCKETS_MS;
    if (!now && !due) return this.ours;
    const owners = await whoListens(this.spec.port, this.host());
    if (owners.length === 0 && !due) return (this.ours = false);
    this.lookedAt = Date.now();
    const pids = (await this.tree()).map(({ pid }) => pid);
    this.ours = owners.some(({ pid }) => pid !== undefined && pids.includes(pid));
    await this.refuseStranger(owners.length > 0 && !this.ours && pids.length > 0);
    await this.refuseWrongPort(pids);
    return this.ours;
  }

  /** Twice in a row: a child that was born between the two readings is no stranger. */
  private async refuseStranger(seen: boolean): Promise<void> {
    if (seen && this.strangerSeen) throw await portTaken(this.spec);
    this.strangerSeen = seen;
    if (seen) this.lookedAt = 0;
  }

  private async refuseWrongPort(pids: number[]): Promise<void> {
    this.others = this.ours ? [] : await listeningPortsOf(pids);
    this.othersSince = this.others.length === 0 ? undefined : (this.othersSince ?? Date.now());
    if (this.othersSince !== undefined && Date.now() - this.othersSince >= WRONG_PORT_MS) {
      throw wrongPort(this.spec, this.others);
    }
  }

  private host(): string {
    return probeAddress(this.spec.health?.host ?? '');
  }
}
