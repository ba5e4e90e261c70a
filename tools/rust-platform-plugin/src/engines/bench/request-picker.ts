import type { Scenario } from './scenarios';
import { compileTemplate, type Template } from './template';
import { weightedSequence } from './weighted-sequence';

export interface PickedRequest {
  /** Index of the scenario. */
  scenario: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

interface CompiledScenario {
  method: string;
  path: Template;
  headers: Array<[string, Template]>;
  body: Template | undefined;
  /** How often it was picked: the `n` of its templates. */
  count: number;
}

/** Hands out requests by weight, over all connections and phases: `{{n}}` goes on from the warm-up into the runs. */
export class RequestPicker {
  private readonly compiled: CompiledScenario[];
  private readonly sequence: number[];
  private position = 0;

  constructor(scenarios: readonly Scenario[]) {
    this.compiled = scenarios.map(compileScenario);
    this.sequence = weightedSequence(scenarios.map(({ weight }) => weight));
  }

  next(): PickedRequest {
    const scenario = this.sequence[this.position] ?? 0;
    this.position = (this.position + 1) % this.sequence.length;
    const compiled = this.compiled[scenario];
    if (!compiled) throw new Error(`no scenario ${scenario}`);
    const n = compiled.count++;
    return { scenario, ...fillIn(compiled, n) };
  }
}

/** One request with the templates filled in. */
export function expandRequest(request: Omit<Scenario, 'weight'>, n: number): Omit<PickedRequest, 'scenario'> {
  return fillIn(compileScenario(request), n);
}

function compileScenario(request: Omit<Scenario, 'weight'>): CompiledScenario {
  return {
    method: request.method,
    path: compileTemplate(request.path),
    headers: Object.entries(request.headers).map(([name, text]) => [name, compileTemplate(text)]),
    body: request.body === undefined ? undefined : compileTemplate(request.body),
    count: 0,
  };
}

function fillIn(
  { method, path, headers, body }: CompiledScenario,
  n: number,
): Omit<PickedRequest, 'scenario'> {
  return {
    method,
    path: path.expand(n),
    headers: Object.fromEntries(headers.map(([name, template]) => [name, template.expand(n)])),
    body: body?.expand(n),
  };
}
