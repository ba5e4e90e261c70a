import type { ComposeFile, ComposeServer } from './compose-file';

export const CHECKOUT_LABEL = 'rust-platform.checkout';
export const KIND_LABEL = 'rust-platform.server';

export interface OwnComposeRequest {
  file: ComposeFile;
  server: ComposeServer;
  checkoutId: string;
  /** Port on this machine. */
  port: number;
}

/**
 * The Compose file that is really used: the repository's with one server, and with what two checkouts must not share
 * (port, container name, volume names) made this checkout's own. Compose has no way to override a port before 2.24.
 */
export function ownComposeFile({ file, server, checkoutId, port }: OwnComposeRequest): string {
  const services = file.document['services'] as Record<string, Record<string, unknown>>;
  const definition: Record<string, unknown> = { ...services[server.service] };
  for (const key of ['container_name', 'profiles', 'depends_on']) delete definition[key];
  definition['ports'] = [`127.0.0.1:${port}:${server.containerPort}`];
  definition['labels'] = {
    ...labelMap(definition['labels']),
    [CHECKOUT_LABEL]: checkoutId,
    [KIND_LABEL]: server.kind,
  };
  const document = {
    ...file.document,
    name: undefined,
    volumes: withoutNames(file.document['volumes']),
    services: { [server.service]: definition },
  };
  // JSON is YAML with every string quoted: Compose v1 would read a bare `yes` or `5434:5432` as something else.
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Compose v1 and v2 name a project by these characters; the id keeps two checkouts of one name apart. */
export function composeProject(root: string, checkoutId: string): string {
  const name = (root.split('/').at(-1) ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `rp-${name || 'workspace'}-${checkoutId.slice(0, 8)}`;
}

function labelMap(labels: unknown): Record<string, unknown> {
  if (!Array.isArray(labels)) return (labels ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    labels.map((line) => String(line).split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
}

/** A volume's explicit name is machine-wide: two servers on one data folder destroy it. External ones are the user's own. */
function withoutNames(volumes: unknown): unknown {
  if (typeof volumes !== 'object' || volumes === null) return volumes;
  return Object.fromEntries(
    Object.entries(volumes as Record<string, Record<string, unknown> | null>).map(([key, volume]) => {
      if (!volume || volume['external']) return [key, volume];
      return [key, { ...volume, name: undefined }];
    }),
  );
}
