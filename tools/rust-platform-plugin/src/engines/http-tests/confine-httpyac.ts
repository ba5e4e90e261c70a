import { basename, isAbsolute, relative } from 'node:path';
import { cli, io, utils } from 'httpyac';

/**
 * httpyac looks for settings (`.httpyac.js`, `httpyac` in package.json), plugins, `.env` files and an `env` folder in all
 * parent folders. Outside `folder` it finds none of them: the same files give the same result in every checkout. What a
 * request names itself, as a body file, may still lie anywhere.
 */
export function confineHttpyac(folder: string): void {
  cli.initFileProvider();
  const settings = new Set([...utils.defaultConfigFiles, 'package.json']);
  const files = io.fileProvider;
  const { exists, readdir } = files;
  files.exists = async (path) => {
    const name = path.toString();
    return (isInside(folder, name) || !settings.has(basename(name))) && exists(path);
  };
  files.readdir = async (path) => (isInside(folder, path.toString()) ? readdir(path) : []);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way.startsWith('..') || isAbsolute(way));
}
