import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'httpyac';
let version: string | undefined;

/** Of the package that runs `.http` files, wherever npm has put it. */
export function httpRunnerVersion(): string {
  version ??= readVersion();
  return version;
}

function readVersion(): string {
  const folders = require.resolve.paths(NAME) ?? [];
  const file = folders.map((folder) => join(folder, NAME, 'package.json')).find((path) => existsSync(path));
  if (file === undefined) return 'not installed';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
