import { createColors } from 'picocolors';
import type { DepsStatus, ServerStatus } from '../engines/deps/deps-types';
import { formatTable } from '../results/format-table';

/** The servers of a checkout, one line each. */
export function formatServers(
  { servers }: DepsStatus,
  { width, colour }: { width?: number; colour: boolean },
): string {
  if (servers.length === 0) return 'no servers of this checkout (rust-platform deps starts them)\n';
  const colours = createColors(colour);
  const paint = {
    running: colours.green,
    stopped: colours.dim,
    'not-answering': colours.red,
    unknown: colours.yellow,
  };
  const lines = formatTable<ServerStatus>(
    [
      { title: 'server', text: ({ kind, version }) => (version ? `${kind} ${version}` : kind) },
      {
        title: 'state',
        text: ({ state }) => state.replace('-', ' '),
        paint: (text, { state }) => paint[state](text),
      },
      { title: 'from', text: ({ provider, container }) => container ?? provider ?? '-' },
      { title: 'pid', text: ({ pid }) => (pid === undefined ? '-' : String(pid)), align: 'right' },
      {
        title: 'until',
        text: ({ pinned, state }) => (state === 'stopped' ? '-' : pinned ? 'deps stop' : 'last run ends'),
      },
      { title: 'address', text: ({ url, problem }) => [url ?? '-', problem].filter(Boolean).join(': ') },
    ],
    servers,
    { width, paintTitle: colours.dim },
  );
  return `${lines.join('\n')}\n`;
}
