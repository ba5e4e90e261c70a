import { createHash } from 'node:crypto';
import { readFile, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NOT_SET, type Ingredient, type KeyRecord } from './key-record';
import { keysDirectory, pruneKeyFiles } from './key-record-folder';
import { openSalt, type Salt } from './key-record-salt';
import { readJson } from './task-report-file';
import { writeFileAtomically } from './write-file';

/**
 * Keeps what the keys of a run were made of, and returns the name to find it by. A record is named by its content: a run in
 * which nothing changed writes nothing. Lock texts lie beside, each once. No value of an environment variable can be guessed
 * from it: hashes of what is short are hashed again with a secret of this checkout.
 */
export async function writeKeyRecord(
  workspaceRoot: string,
  record: KeyRecord,
  stateDirectory?: string,
): Promise<string> {
  const folder = keysDirectory(workspaceRoot, stateDirectory);
  const [salt, locks] = await Promise.all([
    openSalt(folder),
    keepLocks(folder, workspaceRoot, Object.keys(record.locks)),
  ]);
  const id = await keepText(
    folder,
    (hash) => `${hash}.json`,
    JSON.stringify(harmless({ ...record, locks }, salt)),
  );
  await pruneKeyFiles(workspaceRoot, stateDirectory);
  return id;
}

/** `undefined`: removed with old runs, or written by another version of the plugin. */
export async function readKeyRecord(
  workspaceRoot: string,
  id: string,
  stateDirectory?: string,
): Promise<KeyRecord | undefined> {
  const file = join(keysDirectory(workspaceRoot, stateDirectory), `${id}.json`);
  const record = (await readJson(file)) as Partial<KeyRecord> | undefined;
  const isKnown = record?.schemaVersion === 1 && record.parts && record.keys && record.locks;
  return isKnown ? (record as KeyRecord) : undefined;
}

/** Text of a Cargo.lock by the hash that a record names. */
export async function readKeptLock(
  workspaceRoot: string,
  hash: string,
  stateDirectory?: string,
): Promise<string | undefined> {
  return readFile(join(keysDirectory(workspaceRoot, stateDirectory), lockName(hash)), 'utf8').catch(
    () => undefined,
  );
}

/** Writes a text under its own hash unless it is there; then only its age is renewed. */
export async function keepText(
  folder: string,
  nameOf: (hash: string) => string,
  text: string,
): Promise<string> {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const file = join(folder, nameOf(hash));
  const now = new Date();
  await utimes(file, now, now).catch(() => writeFileAtomically(file, text));
  return hash;
}

async function keepLocks(
  folder: string,
  workspaceRoot: string,
  cargoRoots: string[],
): Promise<KeyRecord['locks']> {
  const kept = await Promise.all(
    cargoRoots.map(async (cargoRoot) => {
      const text = await readFile(resolve(workspaceRoot, cargoRoot, 'Cargo.lock'), 'utf8').catch(
        () => undefined,
      );
      return text === undefined ? [] : [[cargoRoot, await keepText(folder, lockName, text)] as const];
    }),
  );
  return Object.fromEntries(kept.flat());
}

function lockName(hash: string): string {
  return `${hash}.lock`;
}

function harmless(record: KeyRecord, salt: Salt): KeyRecord {
  const parts = Object.entries(record.parts).map(
    ([name, ingredients]) => [name, ingredients.map((one) => asKept(one, salt))] as const,
  );
  return { ...record, parts: Object.fromEntries(parts) };
}

function asKept(ingredient: Ingredient, salt: Salt): Ingredient {
  const { group, value } = ingredient;
  // New in every run: with it no two records were ever the same.
  if (group === 'unverified') return { ...ingredient, value: '' };
  return isGuessable(ingredient) ? { ...ingredient, value: salt.hash(value) } : ingredient;
}

/** What a hash stands for is long in these; elsewhere it may be a password. */
const CONTENT: ReadonlySet<string> = new Set(['source', 'file', 'lock']);

function isGuessable({ group, value }: Ingredient): boolean {
  if (group === 'environment') return value !== NOT_SET;
  return !CONTENT.has(group) && /^[0-9a-f]{32}$/.test(value);
}
