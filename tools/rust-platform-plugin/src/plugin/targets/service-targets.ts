import { enginesOf, executor, metadata, type TargetParts, type Targets } from '../target-parts';

/** `deps` and `serve` of a service. */
export function serviceTargets(parts: TargetParts): Targets {
  return { ...depsTarget(parts), ...serveTarget(parts) };
}

function depsTarget(parts: TargetParts): Targets {
  const needs = (parts.crate.service?.needs ?? []).filter(({ kind }) => kind !== 'service');
  const inputs = parts.inputs.service;
  if (needs.length === 0 || !inputs) return {};
  const names = needs.map((need) => (need.kind === 'compose' ? need.service : need.kind));
  return {
    deps: {
      executor: executor('deps'),
      cache: false,
      inputs: inputs.deps,
      metadata: metadata(parts, 'deps', {
        description: `Starts ${names.join(' and ')} and waits until a query is answered. They stay until \`rust-platform deps stop\`.`,
        technologies: enginesOf(parts.crate),
      }),
    },
  };
}

function serveTarget(parts: TargetParts): Targets {
  const { crate, graph } = parts;
  const { service } = crate;
  const inputs = parts.inputs.service;
  if (!service || !inputs) return {};
  const needed = graph.neededClosure(crate.project);
  return {
    serve: {
      executor: executor('serve'),
      continuous: true,
      cache: false,
      // The executor says so itself: the health URL answers and its own process owns the port.
      readyWhen: { signal: true },
      dependsOn: [
        'build',
        ...(needed.length > 0 ? [{ projects: needed, target: 'serve', waitFor: 'ready' as const }] : []),
      ],
      inputs: inputs.run,
      metadata: metadata(parts, 'serve', {
        description: `Runs the built ${service.binary} on port ${service.port} until it is stopped; ready when ${service.health} answers.`,
        technologies: enginesOf(crate),
      }),
    },
  };
}
