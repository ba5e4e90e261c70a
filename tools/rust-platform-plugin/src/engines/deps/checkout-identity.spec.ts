import { cp, mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '../../testing/temporary-folder';
import { claimCheckout, peekCheckout } from './checkout-identity';
import { readDepsState, writeDepsState } from './deps-state';

const STATE = '.rust-platform';

let folder: TemporaryFolder;
let first: string;

beforeEach(async () => {
  folder = await temporaryFolder('checkout');
  first = join(folder.path, 'first');
  await mkdir(first);
});
afterEach(() => folder.remove());

it('is made once and has the real path', async () => {
  expect(await peekCheckout(first, STATE)).toBeUndefined();
  const checkout = await claimCheckout(first, STATE);
  expect(checkout.root).toBe(first);
  expect(await claimCheckout(join(first, '..', 'first'), STATE)).toEqual(checkout);
  expect(await peekCheckout(first, STATE)).toEqual(checkout);
});

it('is another one for a copy, and the same for a folder that was moved', async () => {
  const original = await claimCheckout(first, STATE);
  const copy = join(folder.path, 'copy');
  await cp(first, copy, { recursive: true });
  expect(await peekCheckout(copy, STATE)).toBeUndefined();
  expect((await claimCheckout(copy, STATE)).id).not.toBe(original.id);
  const moved = join(folder.path, 'moved');
  await rename(first, moved);
  expect(await peekCheckout(moved, STATE)).toEqual({ id: original.id, root: moved });
  expect(await claimCheckout(moved, STATE)).toEqual({ id: original.id, root: moved });
});

it('keeps notes that only their owner may read, and none of another checkout', async () => {
  const deps = join(first, STATE, 'deps');
  await writeDepsState(deps, {
    schemaVersion: 1,
    checkout: 'a',
    servers: {},
    last: { redis: { provider: 'local' } },
  });
  expect((await stat(join(deps, 'state.json'))).mode & 0o777).toBe(0o600);
  expect((await readDepsState(deps, 'a')).last).toEqual({ redis: { provider: 'local' } });
  expect((await readDepsState(deps, 'b')).last).toEqual({});
});
