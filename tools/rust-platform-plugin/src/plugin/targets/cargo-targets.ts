import { executor, metadata, reports, type TargetParts, type Targets } from '../target-parts';
import { verdict } from './verdict-output';

/** `build`, `check` and `test` of any crate. */
export function cargoTargets(parts: TargetParts): Targets {
  const { crate, inputs, options } = parts;
  const binaries = crate.binaries.join(', ');
  return {
    build: {
      executor: executor('build'),
      cache: true,
      inputs: inputs.build,
      outputs: [
        ...(binaries ? [`{workspaceRoot}/${options.distDirectory}/{projectName}`] : []),
        reports(parts, 'build'),
        verdict(parts, 'build'),
      ],
      metadata: metadata(parts, 'build', {
        description: binaries
          ? `Release binaries ${binaries}, copied to ${options.distDirectory}/${crate.project}.`
          : 'Compiles the library in release mode; only the verdict is kept.',
      }),
    },
    check: {
      executor: executor('check'),
      cache: true,
      inputs: inputs.clippy,
      outputs: [reports(parts, 'check'), verdict(parts, 'check')],
      metadata: metadata(parts, 'check', {
        description: 'Checks that all targets compile, without producing binaries.',
      }),
    },
    test: {
      executor: executor('test'),
      cache: true,
      inputs: inputs.test,
      outputs: [reports(parts, 'test'), verdict(parts, 'test')],
      metadata: metadata(parts, 'test', {
        description: `Unit, integration and doc tests${servers(crate.testNeeds)}.`,
        technologies: crate.testNeeds,
      }),
    },
  };
}

function servers(needs: string[]): string {
  return needs.length > 0 ? `, with a fresh ${needs.join(' and ')} of their own` : '; no server is started';
}
