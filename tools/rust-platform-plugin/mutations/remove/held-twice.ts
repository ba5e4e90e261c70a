import type { Removal } from './removal-patch';

interface HeldTwice {
  removal: Removal;
  /** What changes with it, however it changes. */
  by: Removal[];
  /** Part of a sentence, for people. */
  because: string;
}

/** Ingredients that no single change can be about alone; proven by removing what holds them as well. */
const HELD_TWICE: HeldTwice[] = [
  ...['rust/.env:DATABASE_URL', 'outside the repository: .env:DATABASE_URL'].map((name) => ({
    removal: `environment: ${name}`,
    by: ['unverified: reasons'],
    because: 'with a live database nothing is reused',
  })),
  {
    removal: 'manifest: [package] name',
    by: ['lock: build', 'lock: test', 'manifest: [dependencies]', 'manifest: [lib]'],
    because: 'the lock and those that depend on it name it too',
  },
  {
    removal: 'manifest: [package.metadata.rust-platform] needs',
    by: ['server: compose service'],
    because: 'what is needed is in the key itself',
  },
];

export function heldTwice(removal: Removal): HeldTwice | undefined {
  return HELD_TWICE.find((one) => one.removal === removal);
}
