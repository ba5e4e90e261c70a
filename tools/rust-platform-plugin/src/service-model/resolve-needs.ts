import { serversOf } from './crate-evidence';
import type { CrateDraft } from './crate-draft';
import { suggestion } from './nearest-name';
import { metadataProblem } from './parse-service-metadata';
import type { ModelProblem, Need } from './service-model';

/** What a need can name besides `postgres` and `redis`. */
export interface NeedNames {
  /** Nx project name or package name → project. */
  crates: Map<string, string>;
  /** Services of docker-compose.yml. */
  compose: readonly string[];
}

/** What a service needs: as its metadata says, else by the clients among its direct dependencies. */
export function resolveNeeds(
  draft: CrateDraft,
  names: NeedNames,
  problems: ModelProblem[],
): { needs: Need[]; evidence: string[] } {
  const wanted = draft.metadata.needs;
  if (wanted !== undefined) {
    const needs = [...new Set(wanted)].flatMap((name) => resolveNeed(draft, name, names, problems) ?? []);
    return {
      needs,
      evidence: [`needs: ${draft.sourceOf('needs').file} says ${wanted.join(', ') || 'nothing'}`],
    };
  }
  const found = serversOf(draft.cargo, 'normal');
  return {
    needs: found.map(({ server }) => ({ kind: server })),
    evidence: found.map(({ server, crate }) => `${server}: ${crate} in [dependencies]`),
  };
}

function resolveNeed(
  draft: CrateDraft,
  name: string,
  { crates, compose }: NeedNames,
  problems: ModelProblem[],
): Need | undefined {
  if (name === 'postgres' || name === 'redis') return { kind: name };
  const project = crates.get(name);
  if (project === draft.project) return refuse(draft, problems, `${name} cannot need itself`);
  if (project !== undefined) return { kind: 'service', project };
  if (compose.includes(name)) return { kind: 'compose', service: name };
  const known = ['postgres', 'redis', ...new Set(crates.values()), ...compose];
  return refuse(draft, problems, `there is nothing called ${name}: ${suggestion(name, known)}`);
}

function refuse(draft: CrateDraft, problems: ModelProblem[], what: string): undefined {
  const fix = 'needs takes postgres, redis, a service of this repository, or one of docker-compose.yml';
  problems.push(metadataProblem(draft.sourceOf('needs'), ['needs'], what, fix));
}
