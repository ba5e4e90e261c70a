import {
  builds,
  enginesOf,
  executor,
  metadata,
  reports,
  type TargetParts,
  type Targets,
} from '../target-parts';
import { verdict } from './verdict-output';

/** `test-api` and `test-api-live` of a service with `.http` files. */
export function apiTestTargets(parts: TargetParts): Targets {
  const { crate } = parts;
  const inputs = parts.inputs.service;
  if (!crate.service || !inputs || crate.service.apiTests.length === 0) return {};
  const files = `${crate.service.apiTests.length} .http file${crate.service.apiTests.length === 1 ? '' : 's'}`;
  const technologies = [...enginesOf(crate), 'http'];
  return {
    'test-api': {
      executor: executor('test-api'),
      cache: true,
      dependsOn: builds(parts),
      inputs: inputs.testApi,
      outputs: [reports(parts, 'test-api'), verdict(parts, 'test-api')],
      metadata: metadata(parts, 'test-api', {
        description: `Starts the service on a free port with a fresh database and runs its ${files}.`,
        technologies,
      }),
    },
    // Another target, since Nx would answer a hit of the cached one without asking any server.
    'test-api-live': {
      executor: executor('test-api-live'),
      cache: false,
      inputs: inputs.testApi,
      metadata: metadata(parts, 'test-api-live', {
        description: `Runs the ${files} against a server that is already there.`,
        technologies: ['http'],
        example: { options: { url: `http://127.0.0.1:${crate.service.port}` } },
      }),
    },
  };
}
