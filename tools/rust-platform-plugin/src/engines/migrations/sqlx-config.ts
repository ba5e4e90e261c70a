import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { EXIT, PlatformError } from '../../errors';

/** Keys of `[migrate]` in sqlx.toml that change what is recorded, and so are not ours to ignore. */
const UNSUPPORTED = ['table-name', 'ignored-chars', 'create-schemas'];

/** A crate whose `sqlx.toml` changes table or checksums would be migrated twice: refused until it is supported. */
export async function refuseSqlxConfig(migrationsFolder: string): Promise<void> {
  const file = join(dirname(migrationsFolder), 'sqlx.toml');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const { migrate } = parse(text) as { migrate?: Record<string, unknown> };
  const found = UNSUPPORTED.filter((key) => migrate?.[key] !== undefined);
  if (found.length === 0) return;
  throw new PlatformError({
    code: 'sqlx-config',
    what: `${file} sets ${found.map((key) => `migrate.${key}`).join(', ')}, which db-migrate does not follow yet`,
    why: "the service's own migrator would not recognise what was recorded and apply everything again",
    fix: `remove ${found.join(', ')} from ${file}, or let the service migrate at start`,
    exitCode: EXIT.usage,
  });
}
