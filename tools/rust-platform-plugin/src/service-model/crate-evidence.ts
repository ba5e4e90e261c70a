import type { CargoDependency, CargoPackage } from '../cargo/cargo-workspace';

export type Server = 'postgres' | 'redis';

/** Server side of HTTP or gRPC. */
export const WEB_FRAMEWORKS = [
  'actix-web',
  'axum',
  'axum-server',
  'dropshot',
  'gotham',
  'hyper',
  'loco-rs',
  'ntex',
  'pavex',
  'poem',
  'poem-openapi',
  'rocket',
  'salvo',
  'tide',
  'tonic',
  'trillium',
  'viz',
  'warp',
];

/** Crates that talk to a server; `features` decide where one crate speaks to several kinds. */
const CLIENTS: Array<{ name: string; server: Server; feature?: RegExp; others?: RegExp }> = [
  { name: 'sqlx', server: 'postgres', feature: /^postgres$/, others: /^(sqlite|mysql|any)/ },
  { name: 'diesel', server: 'postgres', feature: /^postgres/, others: /^(sqlite|mysql)/ },
  { name: 'diesel-async', server: 'postgres', feature: /^postgres/, others: /^(sqlite|mysql)/ },
  { name: 'sea-orm', server: 'postgres', feature: /^sqlx-(postgres|all)/, others: /^sqlx-(sqlite|mysql)/ },
  { name: 'tokio-postgres', server: 'postgres' },
  { name: 'postgres', server: 'postgres' },
  { name: 'deadpool-postgres', server: 'postgres' },
  { name: 'bb8-postgres', server: 'postgres' },
  { name: 'redis', server: 'redis' },
  { name: 'fred', server: 'redis' },
  { name: 'deadpool-redis', server: 'redis' },
  { name: 'bb8-redis', server: 'redis' },
  { name: 'mobc-redis', server: 'redis' },
  { name: 'rustis', server: 'redis' },
];

/** The web framework that a crate serves with, by its direct normal dependencies. */
export function webFrameworkOf(crate: CargoPackage): string | undefined {
  return enabledDependencies(crate, 'normal').find(
    (dependency) => WEB_FRAMEWORKS.includes(dependency.name) && isServerSide(dependency),
  )?.name;
}

/** Which server is needed, and the crate that says so. */
export function serversOf(
  crate: CargoPackage,
  kind: CargoDependency['kind'],
): Array<{ server: Server; crate: string }> {
  const found = enabledDependencies(crate, kind).flatMap((dependency) => {
    const client = CLIENTS.find(({ name }) => name === dependency.name);
    return client && speaks(client, dependency, crate)
      ? [{ server: client.server, crate: dependency.name }]
      : [];
  });
  return (['postgres', 'redis'] as const).flatMap((server) =>
    found.filter((one) => one.server === server).slice(0, 1),
  );
}

/** Direct dependencies without the optional ones that no default feature switches on. */
function enabledDependencies(crate: CargoPackage, kind: CargoDependency['kind']): CargoDependency[] {
  const enabled = defaultFeatures(crate);
  return crate.dependencies.filter((dependency) => {
    if (dependency.kind !== kind) return false;
    const key = dependency.rename ?? dependency.name;
    return !dependency.optional || enabled.has(`dep:${key}`) || enabled.has(key);
  });
}

/** Everything that `default` reaches: features, `dep:name`, and `name` for `name/feature`. */
function defaultFeatures({ features }: CargoPackage): Set<string> {
  const reached = new Set<string>();
  const queue = ['default'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    queue.push(...(features[name] ?? []));
    // `name?/feature` switches nothing on.
    const [crate = '', feature] = name.split('/');
    if (feature !== undefined && !crate.endsWith('?')) queue.push(crate);
  }
  return reached;
}

/** hyper without a server feature is a client. */
function isServerSide({ name, features }: CargoDependency): boolean {
  return name !== 'hyper' || features.some((feature) => feature === 'server' || feature === 'full');
}

function speaks(
  { feature, others }: (typeof CLIENTS)[number],
  dependency: CargoDependency,
  crate: CargoPackage,
): boolean {
  if (!feature) return true;
  const key = dependency.rename ?? dependency.name;
  const forwarded = Object.values(crate.features)
    .flat()
    .flatMap((value) =>
      value.replace('?', '').startsWith(`${key}/`) ? [value.slice(value.indexOf('/') + 1)] : [],
    );
  const features = [...dependency.features, ...forwarded];
  // Without any driver named, another crate of the workspace switches one on: PostgreSQL is the likely one.
  return features.some((one) => feature.test(one)) || !features.some((one) => others?.test(one));
}
