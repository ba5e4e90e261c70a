#!/usr/bin/env node
// Plain JavaScript that an old Node can read too, so that it can say what is wrong.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `error[node-too-old]: Node ${process.versions.node} is too old: at least 20.19 is needed\n` +
      '  fix: install a current version: https://nodejs.org/en/download\n',
  );
  process.exit(4);
}
require('../dist/cli/cli.js').main();
