import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, writeJson } from './write-json';

/** A working copy on this machine. Two clones, and a folder and its copy, are two checkouts. */
export interface Checkout {
  /** UUID. */
  id: string;
  /** Real path of the workspace root. */
  root: string;
}

const FILE = 'checkout.json';

/** The identity of this checkout, if it has one; that of a folder it was copied from is not its own. Writes nothing. */
export async function peekCheckout(
  workspaceRoot: string,
  stateDirectory: string,
): Promise<Checkout | undefined> {
  const root = await realpath(workspaceRoot);
  const stored = await readCheckoutFile(join(root, stateDirectory, FILE));
  if (!stored || stored.root === root) return stored;
  return (await isStillThere(stored, stateDirectory)) ? undefined : { id: stored.id, root };
}

/** Gives this checkout an identity unless it has one. Call it under the checkout's lock `deps`. */
export async function claimCheckout(workspaceRoot: string, stateDirectory: string): Promise<Checkout> {
  const root = await realpath(workspaceRoot);
  const checkout = (await peekCheckout(root, stateDirectory)) ?? { id: randomUUID(), root };
  const file = join(root, stateDirectory, FILE);
  if ((await readCheckoutFile(file))?.root !== root) await writeJson(file, checkout);
  return checkout;
}

/** A moved folder keeps its identity (and so its Docker volumes); a copy gets its own, since the first one still exists. */
async function isStillThere(stored: Checkout, stateDirectory: string): Promise<boolean> {
  const other = await readCheckoutFile(join(stored.root, stateDirectory, FILE));
  return other?.id === stored.id;
}

async function readCheckoutFile(file: string): Promise<Checkout | undefined> {
  const value = (await readJson(file)) as Partial<Checkout> | undefined;
  return typeof value?.id === 'string' && typeof value.root === 'string'
    ? { id: value.id, root: value.root }
    : undefined;
}
