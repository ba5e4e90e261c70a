import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../testing/temporary-folder';
import { findBakedPaths } from './baked-paths';

test('finds folders anywhere in a file, also across the pieces in which it is read', async () => {
  const folder = await temporaryFolder('baked');
  try {
    const file = join(folder.path, 'binary');
    const piece = 1 << 20;
    const content = Buffer.alloc(2 * piece + 100, 'x');
    content.write('/home/me/checkout/app', piece - 10);
    content.write('/home/me/.cargo/registry/x', 2 * piece + 40);
    await writeFile(file, content);
    const asked = ['/home/me/checkout', '/home/me/.cargo/registry', '/home/you/checkout'];
    expect(await findBakedPaths(file, asked)).toEqual(asked.slice(0, 2));
    expect(await findBakedPaths(file, [])).toEqual([]);
    await writeFile(file, 'GET /app/users and /home/me/checkout');
    expect(await findBakedPaths(file, ['/app', '/home/me/checkout'])).toEqual(['/home/me/checkout']);
  } finally {
    await folder.remove();
  }
});
