import { readFile } from 'node:fs/promises';
import { parse } from 'smol-toml';

const KINDS = ['test', 'bin', 'example', 'bench'] as const;

/**
 * Test targets that bring a harness of their own (`harness = false`), as `kind/name`; the library is `lib`. cargo does not
 * tell, and to nextest one that lists nothing is a binary without tests.
 */
export async function readOwnHarnesses(manifestPath: string): Promise<Set<string>> {
  const manifest = parse(await readFile(manifestPath, 'utf8')) as Record<string, unknown>;
  const found = KINDS.flatMap((kind) =>
    tablesOf(manifest[kind])
      .filter(({ harness }) => harness === false)
      .map(({ name }) => `${kind}/${String(name)}`),
  );
  const [library] = tablesOf([manifest['lib']]);
  return new Set([...found, ...(library?.['harness'] === false ? ['lib'] : [])]);
}

function tablesOf(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}
