import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { privateFolder } from '../../process/private-folder';
import { isAlive, type ProcessIdentity } from '../../process/process-identity';
import type { ServerState } from './deps-state';
import type { ServerKind } from './deps-types';
import { readJson, writeJson } from './write-json';

/** Which checkout uses which port of this machine; one file per port, readable for this user's checkouts. */
export interface PortEntry {
  port: number;
  kind: ServerKind;
  checkout: string;
  workspaceRoot: string;
  /** The server, or the process that is about to start it. Container: the engine keeps it, so no process. */
  identity?: ProcessIdentity;
  container?: string;
  /** What is known of the server, for a checkout that has lost its own notes. */
  state?: ServerState;
}

/** The entry of a port whose server or starter lives; entries of the dead are removed. */
export async function readPortEntry(port: number): Promise<PortEntry | undefined> {
  const entry = (await readJson(await portEntryFile(port))) as PortEntry | undefined;
  if (!entry) return undefined;
  if (entry.container !== undefined || (entry.identity && (await isAlive(entry.identity)))) return entry;
  await rm(await portEntryFile(port), { force: true });
  return undefined;
}

export async function writePortEntry(entry: PortEntry): Promise<void> {
  await writeJson(await portEntryFile(entry.port), entry);
}

/** Gives a port back, unless it is another checkout's by now. */
export async function removePortEntry(port: number, checkout: string): Promise<void> {
  const entry = (await readJson(await portEntryFile(port))) as PortEntry | undefined;
  if (entry?.checkout === checkout) await rm(await portEntryFile(port), { force: true });
}

/** Ports that this checkout holds. */
export async function portsOf(checkout: string): Promise<PortEntry[]> {
  const names = await readdir(await privateFolder('servers'));
  const entries = await Promise.all(
    names.map((name) => readPortEntry(Number(name.replace(/\.json$/, ''))).catch(() => undefined)),
  );
  return entries.filter((entry) => entry?.checkout === checkout) as PortEntry[];
}

export async function portEntryFile(port: number): Promise<string> {
  return join(await privateFolder('servers'), `${port}.json`);
}
