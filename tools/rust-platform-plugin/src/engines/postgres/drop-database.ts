import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { identityOf } from '../../process/process-identity';
import type { Report } from '../endpoints';
import { messageOf } from '../message-of';
import { PG, pgCodeOf } from './connect-postgres';
import { quoteIdentifier } from './quote-identifier';
import { namedOwner, parseOwner, thisHost } from './test-database-name';

/** Drops a temporary database and ends the sessions that are open in it. Refuses any name that is not `rp_test_…`. */
export async function dropTestDatabase(client: Client, name: string): Promise<void> {
  if (!name.startsWith('rp_test_')) throw new Error(`${name} is not a temporary database: never dropped`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      return;
    } catch (error) {
      // Sessions that ended this moment, or a session that came in between.
      if (pgCodeOf(error) !== PG.objectInUse || attempt === 20) throw error;
      await sleep(100);
    }
  }
}

/** Drops the temporary databases whose owner ran on this machine and is gone: a killed run cannot do it itself. */
export async function dropLeftOvers(client: Client, report: Report): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    String.raw`SELECT datname AS name FROM pg_database WHERE datname LIKE 'rp\_test\_%' ORDER BY 1`,
  );
  for (const { name } of rows) {
    if (!(await isLeftOver(name))) continue;
    try {
      await dropTestDatabase(client, name);
      report(`dropped ${name}, left over by a run that was killed`);
    } catch (error) {
      // Another caller drops it too, or it belongs to another role: no reason to fail the run that is about to begin.
      report(`${name}, left over by a run that was killed, was not dropped: ${messageOf(error)}`);
    }
  }
}

async function isLeftOver(name: string): Promise<boolean> {
  const owner = parseOwner(name);
  if (!owner || owner.host !== thisHost()) return false;
  const alive = await identityOf(owner.pid);
  return !alive || namedOwner(alive).start !== owner.start;
}
