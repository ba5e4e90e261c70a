import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { transform } from '@swc/core';

/** The plugin that is judged: this one, or another checkout of it. */
const PLUGIN = process.env['RUST_PLATFORM_MUTATIONS_PLUGIN'] ?? join(__dirname, '..');

/** What the compiled plugin is changed by before it is used, e.g. to leave an ingredient out: see remove-ingredient.ts. */
export type Patch = (file: string, compiled: string) => string;

/**
 * Compiles what stands in `src` into `folder/dist`, as `npm run build` does but in a second and without touching `dist`,
 * which others may be using.
 */
export async function compilePlugin(folder: string, patch: Patch = (_file, text) => text): Promise<void> {
  const files = await sourceFiles();
  await Promise.all(files.map((file) => compileFile(file, folder, patch)));
  await copyFile(join(PLUGIN, 'executors.json'), join(folder, 'executors.json'));
  await copyFile(join(PLUGIN, 'package.json'), join(folder, 'package.json'));
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(join(PLUGIN, 'src'), { recursive: true });
  return entries.filter((name) => /\.(ts|json|c?js)$/.test(name) && !/\.spec\.ts$|^testing\//.test(name));
}

async function compileFile(file: string, folder: string, patch: Patch): Promise<void> {
  const text = await readFile(join(PLUGIN, 'src', file), 'utf8');
  const target = join(folder, 'dist', file.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, file.endsWith('.ts') ? patch(file, await compiled(text, file)) : text);
  if (!file.endsWith('schema.json')) return;
  await mkdir(dirname(join(folder, 'src', file)), { recursive: true });
  await writeFile(join(folder, 'src', file), text);
}

async function compiled(text: string, filename: string): Promise<string> {
  const { code } = await transform(text, {
    filename,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  return code;
}
