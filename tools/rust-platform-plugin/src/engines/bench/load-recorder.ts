import { LatencyHistogram } from './latency-histogram';
import type { RunFigures } from './run-figures';
import { isExpected, type Scenario } from './scenarios';

/** Counts what happens during one phase. */
export class LoadRecorder {
  private readonly total = new LatencyHistogram();
  private readonly perScenario: Array<{
    latency: LatencyHistogram;
    statuses: Map<number, number>;
    ok: number;
  }>;
  private readonly errors = new Map<string, number>();
  private bytes = 0;
  private unexpected = 0;
  errorTotal = 0;

  constructor(private readonly scenarios: readonly Scenario[]) {
    this.perScenario = scenarios.map(() => ({ latency: new LatencyHistogram(), statuses: new Map(), ok: 0 }));
  }

  /** Responses of a status that is not expected have no latency: a fast refusal must not look like speed. */
  response(scenario: number, status: number, bytes: number, microseconds: number): void {
    const part = this.perScenario[scenario];
    if (!part) throw new Error(`no scenario ${scenario}`);
    this.bytes += bytes;
    part.statuses.set(status, (part.statuses.get(status) ?? 0) + 1);
    if (!isExpected(status, this.scenarios[scenario]?.expect)) {
      this.unexpected++;
      return;
    }
    part.ok++;
    part.latency.record(microseconds);
    this.total.record(microseconds);
  }

  error(kind: string): void {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
    this.errorTotal++;
  }

  /** The error turned out to be of another kind. */
  reclassify(from: string, to: string): void {
    const count = this.errors.get(from) ?? 0;
    if (count > 1) this.errors.set(from, count - 1);
    else this.errors.delete(from);
    this.errors.set(to, (this.errors.get(to) ?? 0) + 1);
  }

  figures(seconds: number, generatorUtilization: number, stoppedEarly: boolean): RunFigures {
    const requests = this.perScenario.reduce((sum, part) => sum + part.ok, 0);
    return {
      seconds,
      requests,
      requestsPerSecond: requests / seconds,
      bytes: this.bytes,
      unexpected: this.unexpected,
      errors: Object.fromEntries(this.errors),
      latency: this.total.figures(),
      generatorUtilization,
      stoppedEarly,
      scenarios: this.perScenario.map(({ latency, statuses, ok }, index) => ({
        name: this.scenarios[index]?.name ?? '',
        requests: ok,
        statuses: Object.fromEntries(statuses),
        unexpected: [...statuses.values()].reduce((sum, count) => sum + count, 0) - ok,
        latency: latency.figures(),
      })),
    };
  }
}
