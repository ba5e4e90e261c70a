import { homedir } from 'node:os';
import { sep } from 'node:path';
import { cargoHome } from './cargo-config';

/**
 * Rewrites folders of this machine in a text that may be kept or shared: paths in the workspace become relative to it, what
 * lies elsewhere starts with `$CARGO_HOME` or `~`.
 */
export function hidePlaces(
  workspaceRoot: string,
  env: NodeJS.ProcessEnv,
  home = env['HOME'] ?? homedir(),
): (text: string) => string {
  const folders: Array<[string, string]> = [
    [workspaceRoot, ''],
    [cargoHome(env), '$CARGO_HOME'],
    [home, '~'],
  ];
  const rules = folders
    .filter(([folder]) => folder !== sep && folder !== '')
    .map(([folder, name]) => ({ folder, name, pattern: asWord(folder) }));
  return (text) =>
    rules.reduce(
      (changed, { folder, name, pattern }) =>
        changed.includes(folder)
          ? changed.replace(pattern, (_, below: string) => shorten(name, below))
          : changed,
      text,
    );
}

/** Not inside a longer path: `/home/me` is neither in `/home/meyer` nor in `/mnt/home/me`, but in `-L/home/me`. */
function asWord(folder: string): RegExp {
  const escaped = folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<!(?<!/)/[\\w.~-]*)${escaped}(/|(?![\\w-]|\\.\\w))`, 'g');
}

function shorten(name: string, below: string): string {
  if (name === '') return below === '' ? '.' : '';
  return name + below;
}
