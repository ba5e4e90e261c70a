import { builds, enginesOf, executor, metadata, type TargetParts, type Targets } from '../target-parts';

/** `bench` of a service, and its short form inside `testing`. */
export function benchTargets(parts: TargetParts): Targets {
  const { crate } = parts;
  const inputs = parts.inputs.service;
  if (!crate.service || !inputs) return {};
  const shared = {
    executor: executor('bench'),
    cache: false,
    dependsOn: builds(parts),
    inputs: inputs.bench,
  };
  const technologies = [...enginesOf(crate), 'http'];
  return {
    bench: {
      ...shared,
      metadata: metadata(parts, 'bench', {
        description:
          'Throughput and latency of the release binary under its scenarios, alone on the machine.',
        technologies,
        example: { options: { profile: 'smoke' } },
      }),
    },
    'testing-bench': {
      ...shared,
      options: { profile: 'smoke' },
      metadata: metadata(parts, 'testing-bench', {
        description: 'The bench of the testing workflow: at most 15 seconds.',
        technologies,
      }),
    },
  };
}
