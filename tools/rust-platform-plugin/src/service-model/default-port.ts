const FIRST = 8000;
const COUNT = 1000;

/** A port from 8000 to 8999 that depends on the name alone, so that a new service moves nobody. FNV-1a, 32 bit. */
export function defaultPort(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return FIRST + (hash % COUNT);
}

/** The first port after `port` that nobody has. */
export function freePortAfter(port: number, taken: ReadonlySet<number>): number {
  let candidate = port + 1;
  while (taken.has(candidate)) candidate += 1;
  return candidate;
}
