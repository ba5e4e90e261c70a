import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { expand } from 'dotenv-expand';
import { readFolder } from '../cargo/crate-layout';
import type { Environment } from './service-environment';

/** The two `.env` files of a service; a missing file is empty. `root` is the crate's folder, relative. */
export async function readDotenv(
  workspaceRoot: string,
  root: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ service: Environment; workspace: Environment }> {
  const workspace = await readEnvFile(join(workspaceRoot, '.env'), env);
  const isRoot = root === '.' || root === '';
  return { workspace, service: isRoot ? {} : await readEnvFile(join(workspaceRoot, root, '.env'), env) };
}

/** The variables of one file, `${…}` filled from the file and then from `env`, as Nx does. Missing: empty. */
export async function readEnvFile(file: string, env: NodeJS.ProcessEnv = process.env): Promise<Environment> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return {};
  return expandDotenv(text, env);
}

/** The same of the text of a file. */
export function expandDotenv(text: string, env: NodeJS.ProcessEnv): Environment {
  const parsed = parse(text);
  // A name that the environment has as well would keep that value instead of the file's.
  const others = Object.entries(env).filter(([name]) => !(name in parsed));
  return { ...expand({ parsed, processEnv: Object.fromEntries(others) as Environment }).parsed };
}

/** Names of the files in a folder that Nx may load: `.env`, `.env.local`, `.env.<target>`, `.local.env`, … */
export function envFileNames(folder: string): string[] {
  return readFolder(folder)
    .map(({ name }) => name)
    .filter((name) => /^\.env(\..+)?$|^\..+\.env$/.test(name))
    .sort();
}

/**
 * `process.env` of a task without what Nx took from `.env` files of the workspace and of the task's own project, so that
 * those values keep the place that the contract gives them and never reach another service. By value, as Nx itself
 * unloads them: a variable of the shell that equals the file's counts as the file's.
 */
export async function shellEnvironment(
  workspaceRoot: string,
  taskProjectRoot: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NodeJS.ProcessEnv> {
  if (env['NX_LOAD_DOT_ENV_FILES'] === 'false') return { ...env };
  const shell = { ...env };
  for (const folder of new Set([workspaceRoot, join(workspaceRoot, taskProjectRoot)])) {
    for (const name of envFileNames(folder)) {
      const values = await readEnvFile(join(folder, name), env);
      for (const [key, value] of Object.entries(values)) if (env[key] === value) delete shell[key];
    }
  }
  return shell;
}
