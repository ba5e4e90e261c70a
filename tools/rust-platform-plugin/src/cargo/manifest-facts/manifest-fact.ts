import { createHash } from 'node:crypto';

/** One part of a manifest that a result can depend on. */
export interface ManifestFact {
  /** `services/app/Cargo.toml [dependencies] serde` */
  name: string;
  /** Short values as canonical JSON, so that a person sees what changed; others as a hash. */
  value: string;
  /**
   * Counts only for the crate itself, neither for its build nor for its dependants: `test` for what tests, examples and
   * benches are made of, `clippy` for levels of clippy's lints. `publish`: read by lints of `clippy::cargo` alone.
   */
  only?: 'test' | 'clippy' | 'publish';
}

const LONGEST_TEXT = 120;
/** An address with a password or a token. */
const SECRET = /:\/\/[^/"]*@/;

/** The same for the same values, however they are written: comments, order of keys and layout are gone. */
export function factValue(value: unknown): string {
  const text = canonicalJson(value);
  if (text.length <= LONGEST_TEXT && !SECRET.test(text)) return text;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** The order of keys in a file says nothing. */
export function byName(facts: ManifestFact[]): ManifestFact[] {
  return facts.sort((a, b) => (a.name < b.name ? -1 : 1));
}
