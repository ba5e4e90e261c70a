import { PG, pgCodeOf, withPostgres } from './connect-postgres';

export interface PostgresFacts {
  /** e.g. `15.20`. */
  version: string;
  /** Id of the checkout that marked the server, if any. */
  marker: string | undefined;
  /** Undefined when the user may not see it (no superuser). */
  dataDirectory: string | undefined;
}

const MARKER = 'rust-platform:checkout=';

/** Asks the server who it is. Throws the raw connection error when it does not answer. */
export async function probePostgres(url: string, timeoutMs = 5_000): Promise<PostgresFacts> {
  return withPostgres(
    url,
    async (client) => {
      const { rows } = await client.query<{
        version: string;
        comment: string | null;
        directory: string | null;
      }>(
        `SELECT current_setting('server_version') AS version,
                (SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()) AS comment,
                CASE WHEN pg_has_role(current_user, 'pg_read_all_settings', 'USAGE')
                     THEN current_setting('data_directory') END AS directory`,
      );
      const { version = '', comment = null, directory = null } = rows[0] ?? {};
      return {
        version: version.split(' ')[0] ?? version,
        marker: comment?.startsWith(MARKER) ? comment.slice(MARKER.length) : undefined,
        dataDirectory: directory ?? undefined,
      };
    },
    { connectTimeoutMs: timeoutMs },
  );
}

/** Writes the checkout's id into a server that this checkout started: a comment on its maintenance database. */
export async function markPostgres(url: string, checkoutId: string): Promise<void> {
  if (!/^[0-9a-f-]+$/.test(checkoutId)) throw new Error(`no checkout id: ${checkoutId}`);
  await withPostgres(url, (client) =>
    client.query(`COMMENT ON DATABASE postgres IS '${MARKER}${checkoutId}'`),
  );
}

/** The server is there but still starting, recovering or shutting down. */
export function isStillStarting(error: unknown): boolean {
  return pgCodeOf(error) === PG.cannotConnectNow;
}
