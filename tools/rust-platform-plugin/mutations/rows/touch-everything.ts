import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from '../mutation';

export const touchEverything: Change = async ({ root }) => {
  const now = new Date();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && !/[\\/](node_modules|\.git|\.nx|\.rust-platform)[\\/]/.test(file))
      await utimes(file, now, now);
  }
};
