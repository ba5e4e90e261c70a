import { canonicalJson } from '../../cargo/manifest-facts/manifest-fact';
import { parseManifest, tableAt } from '../../cargo/manifest';
import type { ServiceModel } from '../../service-model/service-model';
import { crateGraph } from '../crate-graph';
import type { ComparedSources } from './compared-sources';

/** Services whose `[package.metadata]`, or that of a service which they need, is another: API tests run by it. */
export function changedServices(
  model: ServiceModel,
  changed: readonly string[],
  { now, before }: ComparedSources,
): ReadonlySet<string> {
  const isTouched = new Set(changed);
  const metadataOf = (text = '', file = ''): string =>
    canonicalJson(tableAt(parseManifest(file, text).toml, 'package', 'metadata'));
  const services = model.crates.filter(({ service }) => service);
  const isOther = services
    .filter(({ manifest }) => isTouched.has(manifest))
    .filter(
      ({ manifest }) =>
        metadataOf(now.read(manifest), manifest) !== metadataOf(before.read(manifest), manifest),
    )
    .map(({ project }) => project);
  if (isOther.length === 0) return new Set();
  const graph = crateGraph(model);
  const projects = services.map(({ project }) => project);
  return new Set(
    projects.filter((name) => [name, ...graph.neededClosure(name)].some((one) => isOther.includes(one))),
  );
}
