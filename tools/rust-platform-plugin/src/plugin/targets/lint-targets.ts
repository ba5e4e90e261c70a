import { unite } from '../crate-inputs';
import { executor, metadata, reports, type TargetParts, type Targets } from '../target-parts';
import { verdict } from './verdict-output';

export const LINT_STEPS = ['clippy', 'rustfmt', 'audit'];

/** `clippy`, `rustfmt`, `audit`, and `lint-rust`, their sum. */
export function lintTargets(parts: TargetParts): Targets {
  const { inputs } = parts;
  return {
    clippy: {
      executor: executor('clippy'),
      cache: true,
      inputs: inputs.clippy,
      outputs: [reports(parts, 'clippy'), verdict(parts, 'clippy')],
      metadata: metadata(parts, 'clippy', {
        description: 'Lints all targets with clippy; a warning is an error.',
      }),
    },
    rustfmt: {
      executor: executor('rustfmt'),
      cache: true,
      inputs: inputs.rustfmt,
      outputs: [reports(parts, 'rustfmt'), verdict(parts, 'rustfmt')],
      metadata: metadata(parts, 'rustfmt', { description: 'Checks the formatting of every target.' }),
    },
    // Never cached: advisories appear without any file changing.
    audit: {
      executor: executor('audit'),
      cache: false,
      inputs: inputs.audit,
      metadata: metadata(parts, 'audit', {
        description: 'Known vulnerabilities in the crates of the lock that this one is built from.',
      }),
    },
    'lint-rust': {
      executor: executor('aggregate'),
      cache: false,
      options: { steps: LINT_STEPS },
      dependsOn: LINT_STEPS,
      // Repeated, or `nx affected` does not select an aggregate for a change that only its parts see.
      inputs: unite(inputs.clippy, inputs.rustfmt, inputs.audit),
      metadata: metadata(parts, 'lint-rust', {
        description: 'clippy, rustfmt and audit: all run, all are reported.',
      }),
    },
  };
}
