import { unite } from '../crate-inputs';
import { executor, metadata, type TargetParts, type Targets } from '../target-parts';

export const TESTING_STEPS = [
  'build',
  'test',
  'test-api',
  'testing-bench',
  'clippy',
  'rustfmt',
  'audit',
  'lint-rust',
];

/** The workflow `testing` of a service. Its steps are the same text for every service: options are hashed. */
export function workflowTargets(parts: TargetParts, others: Targets): Targets {
  const { crate, inputs } = parts;
  const { service } = inputs;
  if (!crate.service || !service) return {};
  const steps = TESTING_STEPS.filter((step) => step in others);
  return {
    testing: {
      executor: executor('aggregate'),
      cache: false,
      options: { steps: TESTING_STEPS },
      dependsOn: steps,
      inputs: unite(inputs.test, inputs.clippy, inputs.rustfmt, inputs.audit, service.testApi, service.bench),
      metadata: metadata(parts, 'testing', {
        description: `${steps.join(', ')}: everything before a merge.`,
      }),
    },
  };
}
