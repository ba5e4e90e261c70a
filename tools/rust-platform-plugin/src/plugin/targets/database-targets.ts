import { executor, metadata, type TargetParts, type Targets } from '../target-parts';

/** `db-migrate` of a service with migrations. */
export function databaseTargets(parts: TargetParts): Targets {
  const { crate } = parts;
  const inputs = parts.inputs.service;
  if (!crate.service?.migrations || !inputs) return {};
  return {
    'db-migrate': {
      executor: executor('db-migrate'),
      cache: false,
      inputs: inputs.migrations,
      metadata: metadata(parts, 'db-migrate', {
        description: `Applies ${crate.service.migrations} to the database of ${crate.project}, as sqlx itself would.`,
        technologies: ['postgres'],
      }),
    },
  };
}
