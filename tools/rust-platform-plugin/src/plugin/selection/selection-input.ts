/**
 * Marks a target that `nx affected` must select when the key of its crate changes without a changed source: every
 * target whose result depends on Cargo.lock, on a manifest or on a file elsewhere names it among its inputs. The
 * variable is never set. See select-targets.ts for what takes its place.
 */
export const SELECTION_INPUT = { env: 'RUST_PLATFORM_SELECTION' };
