import { redactText } from '../../process/redact';

const SECRET_FIELD =
  /("[^"]*(?:password|passwd|secret|token|api[-_]?key|authorization|credential)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?/gi;

/** Hides the values of JSON fields that are named like secrets, URLs with credentials, and the given secrets. */
export function redactResponse(text: string, secrets: readonly string[]): string {
  return redactText(text.replace(SECRET_FIELD, '$1"***"'), [...secrets]);
}
