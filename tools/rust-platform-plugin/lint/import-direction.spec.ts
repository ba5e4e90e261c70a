import { RuleTester } from 'eslint';
import { join } from 'node:path';
import rule from './import-direction.cjs';

const root = '/repo/src';
const options = [{ root }];
const tester = new RuleTester({ languageOptions: { ecmaVersion: 2023, sourceType: 'module' } });
const at = (file: string) => join(root, file);

// RuleTester registers its own `describe` and `it`: each case below is one test.
tester.run('import-direction', rule as never, {
  valid: [
    { filename: at('cargo/read.ts'), code: "import { run } from '../process/run';", options },
    { filename: at('engines/deps/ensure.ts'), code: "import { run } from '../../process/run';", options },
    { filename: at('engines/deps/ensure.ts'), code: "import { x } from '../postgres/start';", options },
    { filename: at('executors/bench/bench.impl.ts'), code: "import '@nx/devkit';", options },
    {
      filename: at('executors/bench/bench.impl.ts'),
      code: "import { PlatformError } from '../../errors';",
      options,
    },
    { filename: at('process/run.ts'), code: "import { execa } from 'execa';", options },
    {
      filename: at('cargo/read.spec.ts'),
      code: "import { temp } from '../testing/temporary-folder';",
      options,
    },
    { filename: at('index.ts'), code: "export { createNodes } from './plugin/create-nodes';", options },
    { filename: '/repo/e2e/x.ts', code: "import { execa } from 'execa';", options },
  ],
  invalid: [
    bad('process/run.ts', "import { x } from '../cargo/read';", 'direction'),
    bad('cargo/read.ts', "import { x } from '../service-model/describe';", 'direction'),
    bad('service-model/describe.ts', "import { run } from '../process/run';", 'direction'),
    bad('plugin/create-nodes.ts', "import { x } from '../engines/deps/ensure';", 'direction'),
    bad('plugin/create-nodes.ts', "const x = () => import('../engines/deps/ensure');", 'direction'),
    bad('engines/deps/ensure.ts', "export * from '../../service-model/describe';", 'direction'),
    bad('executors/bench/bench.impl.ts', "const x = require('../../cli/cli');", 'direction'),
    bad('executors/bench/bench.impl.ts', "import { x } from '../../process/run';", 'direction'),
    bad('executors/bench/bench.impl.ts', "import { x } from '../../plugin/create-nodes';", 'direction'),
    bad('cli/cli.ts', "import { x } from '@nx/devkit';", 'package'),
    bad('engines/docker/run.ts', "import { spawn } from 'node:child_process';", 'package'),
    bad('engines/docker/run.ts', "import { execa } from 'execa';", 'package'),
    bad('engines/docker/run.ts', "import { x } from '../../testing/servers';", 'testing'),
    bad('helpers/x.ts', "import { x } from '../cargo/read';", 'unknown'),
  ],
});

function bad(file: string, code: string, messageId: string) {
  return { filename: at(file), code, options, errors: [{ messageId }] };
}
