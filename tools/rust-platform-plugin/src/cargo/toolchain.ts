import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ancestorFolders } from './ancestor-folders';
import { executableIdentity, locateExecutable } from './locate-executable';

/** The toolchain file that rustup obeys in a folder: the nearest one, here or above. */
export function readToolchainFile(folder: string): { file: string; text: string } | undefined {
  for (const ancestor of ancestorFolders(folder)) {
    for (const name of ['rust-toolchain', 'rust-toolchain.toml']) {
      const file = join(ancestor, name);
      try {
        return { file, text: readFileSync(file, 'utf8') };
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

/**
 * Changes whenever another cargo or rustc would answer: another program on PATH, another default, an updated toolchain
 * (`rustup update` changes neither the path nor the date of the proxy that is on PATH).
 */
export function toolchainIdentity(
  program: 'cargo' | 'rustc',
  folder: string,
  env: NodeJS.ProcessEnv,
): string {
  const rustup = rustupHome(env);
  return JSON.stringify([
    executableIdentity(locateExecutable(program, env)),
    env['RUSTUP_TOOLCHAIN'] ?? '',
    readToolchainFile(folder)?.text ?? '',
    stampOf(join(rustup, 'settings.toml')),
    ...installedToolchains(env).map((name) => `${name} ${stampOf(join(rustup, 'toolchains', name))}`),
    ...namesIn(join(rustup, 'update-hashes')).map(
      (name) => `${name} ${stampOf(join(rustup, 'update-hashes', name))}`,
    ),
  ]);
}

/** Names of the toolchains that rustup has on this machine, the default first. */
export function installedToolchains(env: NodeJS.ProcessEnv): string[] {
  const rustup = rustupHome(env);
  const names = namesIn(join(rustup, 'toolchains'));
  const preferred = defaultToolchain(join(rustup, 'settings.toml'));
  return [
    ...names.filter((name) => name === preferred),
    ...names.filter((name) => name !== preferred && name.startsWith('stable')),
    ...names.filter((name) => name !== preferred && !name.startsWith('stable')),
  ];
}

function defaultToolchain(settings: string): string | undefined {
  try {
    return /^default_toolchain\s*=\s*"([^"]+)"/m.exec(readFileSync(settings, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function rustupHome(env: NodeJS.ProcessEnv): string {
  return env['RUSTUP_HOME'] ?? join(env['HOME'] ?? homedir(), '.rustup');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function stampOf(file: string): string {
  try {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'missing';
  }
}
