import { EXIT, PlatformError } from '../../errors';
import type { RustCrate, RustService, ServiceModel } from '../../service-model/service-model';

export interface ServiceCrate extends RustCrate {
  service: RustService;
}

/** The service and every service it needs, transitively; what is needed comes first, the service itself last. */
export function startOrder(model: ServiceModel, project: string): ServiceCrate[] {
  const order: ServiceCrate[] = [];
  const visit = (name: string, path: string[]): void => {
    if (path.includes(name)) throw cycle([...path.slice(path.indexOf(name)), name]);
    if (order.some((crate) => crate.project === name)) return;
    const crate = serviceCrate(model, name, path.at(-1));
    for (const need of crate.service.needs) {
      if (need.kind === 'service') visit(need.project, [...path, name]);
    }
    order.push(crate);
  };
  visit(project, []);
  return order;
}

export function serviceCrate(model: ServiceModel, project: string, neededBy?: string): ServiceCrate {
  const crate = model.crates.find((candidate) => candidate.project === project);
  if (crate?.service) return crate as ServiceCrate;
  const services = model.crates.filter(({ service }) => service).map((service) => service.project);
  throw new PlatformError({
    code: 'no-service',
    what: `${project} is not a service${neededBy === undefined ? '' : `, and ${neededBy} needs it`}`,
    why: `services: ${services.join(', ') || 'none'}`,
    fix: 'set `service = "<binary>"` under [package.metadata.rust-platform] in its Cargo.toml',
    exitCode: EXIT.usage,
  });
}

/** `postgres` and `redis`, as far as one of the services uses it itself. */
export function serverNeeds(services: readonly RustService[]): Array<'postgres' | 'redis'> {
  return (['postgres', 'redis'] as const).filter((kind) =>
    services.some(({ needs }) => needs.some((need) => need.kind === kind)),
  );
}

/** Other services of docker-compose.yml cannot be started yet. */
export function refuseComposeNeeds({ project, service }: ServiceCrate): void {
  const names = service.needs.flatMap((need) => (need.kind === 'compose' ? need.service : []));
  if (names.length === 0) return;
  throw new PlatformError({
    code: 'need-not-startable',
    what: `${project} needs ${names.join(', ')} of the Compose file, which this tool does not start`,
    why: 'it starts PostgreSQL, Redis and the services of this repository',
    fix: `take it out of \`needs\` under [package.metadata.rust-platform] of ${project} and give its address by the environment`,
    exitCode: EXIT.preflight,
  });
}

function cycle(path: string[]): PlatformError {
  return new PlatformError({
    code: 'need-cycle',
    what: `services need each other in a circle: ${path.join(' → ')}`,
    fix: 'take one of them out of `needs` under [package.metadata.rust-platform]',
    exitCode: EXIT.usage,
  });
}
