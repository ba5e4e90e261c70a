import { copyFile, mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MODULES = join(__dirname, '..', '..', '..', '..', 'node_modules');

/** Every package of this repository but the plugin itself, one link each, so that a mutation can replace one. */
export async function linkPackages(target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of await readdir(MODULES)) {
    if (name !== 'rust-platform-plugin') await symlink(join(MODULES, name), join(target, name));
  }
}

/** Executors that do nothing but succeed, all tasks of one kind in one process: what is tested are keys. */
export async function stubExecutors(plugin: string): Promise<void> {
  const text = await readFile(join(plugin, 'executors.json'), 'utf8');
  const names = Object.keys((JSON.parse(text) as { executors: Record<string, unknown> }).executors);
  const stub = {
    implementation: './succeed.cjs',
    batchImplementation: './succeed.cjs#batch',
    preferBatch: true,
    schema: './schema.json',
  };
  await copyFile(join(__dirname, 'succeed.cjs'), join(plugin, 'succeed.cjs'));
  await writeFile(join(plugin, 'schema.json'), '{ "type": "object", "properties": {} }');
  await writeFile(
    join(plugin, 'executors.json'),
    JSON.stringify({ executors: Object.fromEntries(names.map((name) => [name, stub])) }),
  );
}
