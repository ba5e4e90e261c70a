import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { ancestorFolders } from '../../cargo/ancestor-folders';
import { readCargoConfig } from '../../cargo/cargo-config';
import { rustcVersion } from '../../cargo/rustc-version';
import { readToolchainFile } from '../../cargo/toolchain';
import { isBelow } from '../../cargo/workspace-members';
import { clippyFolders, clippySettings } from './clippy-settings';
import { digest } from './digest';
import { pluginIdentity } from './plugin-content';
import { toolVariables } from './tool-variables';

/** Settings that a tool looks for in every folder above a crate. */
const UPWARD_SETTINGS = ['clippy.toml', '.clippy.toml', 'rustfmt.toml', '.rustfmt.toml'];

/** What all crates of one Cargo workspace have in common, beyond the files that Nx hashes. As one hash. */
export async function workspaceFacts(request: {
  workspaceRoot: string;
  /** Absolute. */
  cargoRoot: string;
  env: NodeJS.ProcessEnv;
}): Promise<string> {
  const { workspaceRoot, cargoRoot, env } = request;
  // Only its order says where a file outside lies: clones of a repository share the cache.
  const place = (file: string) => (isBelow(file, workspaceRoot) ? relative(workspaceRoot, file) : 'outside');
  const variables = toolVariables(env);
  const configs = readCargoConfig(cargoRoot, env);
  const facts = [
    pluginIdentity(),
    await rustcVersion({ workspaceRoot, folder: cargoRoot, env }),
    variables,
    variables.flatMap(([, value]) => argumentFiles(value, cargoRoot)),
    // Also those that Nx does not see because git ignores them.
    configs.map(({ file, text }) => [place(file), text]),
    readToolchainFile(cargoRoot)?.text ?? null,
    [join(cargoRoot, 'Cargo.toml'), join(cargoRoot, 'Cargo.lock')].map(textOf),
    settingsOutside(workspaceRoot, env).flatMap((file) => textOf(file) ?? []),
    clippyFolders(env, configs).map((folder) => clippySettings(folder, cargoRoot)),
  ];
  return digest(facts);
}

/** Files of flags (`@file`), whose content not even cargo notices. */
function argumentFiles(value: string, folder: string): Array<string | null> {
  const files = value
    .replaceAll('\u001f', ' ')
    .split(/\s+/)
    .filter((word) => word.startsWith('@'));
  return files.map((word) => textOf(join(folder, word.slice(1))));
}

function settingsOutside(workspaceRoot: string, env: NodeJS.ProcessEnv): string[] {
  const above = ancestorFolders(workspaceRoot).slice(1);
  const home = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config');
  return [...above, join(home, 'rustfmt')].flatMap((folder) =>
    UPWARD_SETTINGS.map((name) => join(folder, name)),
  );
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
