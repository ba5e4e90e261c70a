/**
 * The text of whatever was thrown. Read by shape: an `AggregateError` of a connection attempt has no text of its own, and
 * errors of Node itself are no `instanceof Error` inside a test's realm.
 */
export function messageOf(error: unknown): string {
  const { message, errors } = (error ?? {}) as { message?: unknown; errors?: unknown };
  if (Array.isArray(errors) && !message) return errors.map(messageOf).join('; ');
  return typeof message === 'string' ? message : String(error);
}
