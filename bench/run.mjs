/** `npm run measure -- <name> [arguments]`: runs bench/<name>.ts; its last line is one JSON object with the figures. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const [name, ...args] = process.argv.slice(2);
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
if (!name || !existsSync(join(folder, `${name}.ts`))) {
  console.error(`usage: npm run measure -- <name> [arguments]\nmeasurements: ${known.join(', ')}`);
  process.exit(2);
}
// Node 20 cannot strip types.
const typescript = join(
  folder,
  '..',
  'tools',
  'rust-platform-plugin',
  'src',
  'testing',
  'register-typescript.cjs',
);
const { status } = spawnSync(
  process.execPath,
  ['--require', typescript, join(folder, `${name}.ts`), ...args],
  {
    stdio: 'inherit',
  },
);
process.exit(status ?? 1);
