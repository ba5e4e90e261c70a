import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Client } from 'pg';
import type { Report } from '../endpoints';

const POLL_MS = 200;
const REMIND_MS = 15_000;

/** The key of sqlx's advisory lock on a database (`generate_lock_id` in sqlx-postgres); fits 64 bits without overflow. */
export function migrationLockKey(database: string): bigint {
  return 0x3d32ad9en * BigInt(crc32(database));
}

/**
 * Takes sqlx's migration lock. Polls instead of waiting in `pg_advisory_lock`, because a waiting session holds a snapshot
 * that `CREATE INDEX CONCURRENTLY` of the holder waits for: a deadlock.
 */
export async function takeMigrationLock(client: Client, report: Report, signal?: AbortSignal): Promise<void> {
  const { rows } = await client.query<{ database: string }>('SELECT current_database() AS database');
  const key = migrationLockKey(rows[0]?.database ?? '').toString();
  for (let said = -REMIND_MS; !(await tryLock(client, key)); await sleep(POLL_MS, undefined, { signal })) {
    if (performance.now() - said < REMIND_MS) continue;
    said = performance.now();
    report(`waiting for the migration lock, held by ${await describeHolder(client, key)}`);
  }
}

export async function releaseMigrationLock(client: Client): Promise<void> {
  const { rows } = await client.query<{ database: string }>('SELECT current_database() AS database');
  await client.query('SELECT pg_advisory_unlock($1)', [migrationLockKey(rows[0]?.database ?? '').toString()]);
}

async function tryLock(client: Client, key: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    key,
  ]);
  return rows[0]?.locked === true;
}

async function describeHolder(client: Client, key: string): Promise<string> {
  const { rows } = await client.query<{
    pid: number;
    user: string;
    name: string;
    address: string;
    since: string;
  }>(
    `SELECT l.pid, a.usename AS user, a.application_name AS name, coalesce(host(a.client_addr), 'local') AS address,
            to_char(a.backend_start, 'HH24:MI:SS') AS since
       FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND (l.classid::bigint << 32 | l.objid::bigint) = $1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [key],
  );
  const holder = rows[0];
  if (!holder) return 'a session that has just ended';
  const name = holder.name === '' ? 'unnamed client' : holder.name;
  return `session ${holder.pid} (${name}, user ${holder.user}, from ${holder.address}, since ${holder.since})`;
}
