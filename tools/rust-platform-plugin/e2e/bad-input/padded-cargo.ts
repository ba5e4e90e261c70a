/** The real cargo, but what it says of the workspace is long. */
export function paddedCargo(cargo: string): string {
  return `#!/usr/bin/env node
const { spawnSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const args = process.argv.slice(2);
if (args[0] !== 'metadata') {
  process.exitCode = spawnSync(${JSON.stringify(cargo)}, args, { stdio: 'inherit' }).status ?? 1;
} else {
  writeFileSync(__dirname + '/asked-' + process.pid, '');
  const { stdout, status } = spawnSync(${JSON.stringify(cargo)}, args, { encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] });
  const answer = JSON.parse(stdout);
  answer.metadata = { ...answer.metadata, padding: 'x'.repeat(12 * 2 ** 20) };
  process.stdout.write(JSON.stringify(answer), () => { process.exitCode = status; });
}
`;
}
