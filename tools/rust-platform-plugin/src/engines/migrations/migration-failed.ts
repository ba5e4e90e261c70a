import { PlatformError } from '../../errors';
import { messageOf } from '../message-of';
import { PG, pgCodeOf } from '../postgres/connect-postgres';
import type { MigrationFile } from './read-migrations';

interface ServerMessage {
  message: string;
  detail?: string;
  hint?: string;
  where?: string;
  /** 1-based, in characters of the query text. */
  position?: string;
}

/** The error of a migration that PostgreSQL refused: `file:line:column`, the line with a caret, and what state it left. */
export function migrationFailed(migration: MigrationFile, error: unknown): PlatformError {
  if (!isServerMessage(error)) return lost(migration, error);
  const place = error.position === undefined ? undefined : locate(migration.sql, Number(error.position));
  const why = [
    error.message,
    ...(place ? [place.excerpt] : []),
    ...(error.detail ? [`detail: ${error.detail}`] : []),
    ...(error.hint ? [`hint: ${error.hint}`] : []),
    ...(error.where ? [`where: ${error.where}`] : []),
    stateLeft(migration),
  ];
  return new PlatformError({
    code: 'migration-failed',
    what: `migration ${migration.version} failed at ${migration.file}${place ? `:${place.line}:${place.column}` : ''}`,
    why: why.join('\n'),
    fix: fixFor(migration, error),
    cause: error,
  });
}

/** Line and column (both from 1) of a position counted in characters, not UTF-16 units. */
export function locate(sql: string, position: number): { line: number; column: number; excerpt: string } {
  const before = [...sql].slice(0, position - 1).join('');
  const line = before.split('\n').length;
  const column = [...(before.split('\n').at(-1) ?? '')].length + 1;
  const text = (sql.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  const margin = `${line} | `;
  return { line, column, excerpt: `${margin}${text}\n${' '.repeat(margin.length + column - 1)}^` };
}

function fixFor(migration: MigrationFile, error: unknown): string {
  if (pgCodeOf(error) !== PG.activeSqlTransaction)
    return `correct ${migration.file} and run db-migrate again`;
  return migration.transactional
    ? `put '-- no-transaction' as the first line of ${migration.file}, with this statement alone in the file`
    : `leave one statement in ${migration.file}: PostgreSQL runs several statements of one file in a transaction`;
}

function stateLeft(migration: MigrationFile): string {
  return migration.transactional
    ? 'the transaction was rolled back: nothing of this file is applied, earlier files are'
    : 'it ran without a transaction: it is not recorded, but parts of it may remain (e.g. an invalid index)';
}

function lost(migration: MigrationFile, error: unknown): PlatformError {
  return new PlatformError({
    code: 'migration-interrupted',
    what: `the session ended while migration ${migration.version} ran: ${migration.file}`,
    why: `${messageOf(error)}\n${stateLeft(migration)}`,
    fix: 'see that the server is well (rust-platform deps status) and run db-migrate again',
    cause: error,
  });
}

function isServerMessage(error: unknown): error is ServerMessage {
  return /^[0-9A-Z]{5}$/.test(pgCodeOf(error) ?? '');
}
