import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Arguments for `process.execPath` that run a module of ours: `entryPoint(__dirname, 'guardian-main')`. Built there is
 * `<name>.js`; in a test, which runs from source, the module is loaded through the transform of `testing/`.
 */
export function entryPoint(folder: string, name: string): string[] {
  const built = join(folder, `${name}.js`);
  if (existsSync(built)) return [built];
  return [
    '--require',
    join(__dirname, '..', 'testing', 'register-typescript.cjs'),
    join(folder, `${name}.ts`),
  ];
}
