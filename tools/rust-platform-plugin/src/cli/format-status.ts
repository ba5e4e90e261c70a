import { createColors } from 'picocolors';
import type { DepsStatus } from '../engines/deps/deps-types';
import type { ServiceState } from '../engines/supervisor';
import { formatDuration } from '../results/format-duration';
import { formatTable } from '../results/format-table';
import { requestedTargets } from '../results/requested-targets';
import type { RunRecord } from '../results/run-record';
import { formatServers } from './format-servers';

export interface StatusFormat {
  width?: number;
  colour: boolean;
  now?: Date;
}

export function formatStatus(
  status: { services: readonly ServiceState[]; deps: DepsStatus; lastRun: RunRecord | undefined },
  format: StatusFormat,
): string {
  const { bold } = createColors(format.colour);
  return [
    bold('Services'),
    indent(formatServices(status.services, format)),
    bold('Servers'),
    indent(formatServers(status.deps, format)),
    bold('Last run'),
    indent(formatLastRun(status.lastRun)),
  ].join('\n');
}

function formatServices(
  services: readonly ServiceState[],
  { width, colour, now = new Date() }: StatusFormat,
): string {
  if (services.length === 0) return 'none runs (rust-platform serve starts them)\n';
  const colours = createColors(colour);
  const lines = formatTable<ServiceState>(
    [
      { title: 'service', text: ({ project }) => project },
      {
        title: 'state',
        text: ({ state }) => state,
        paint: (text, { state }) => (state === 'ready' ? colours.green(text) : colours.yellow(text)),
      },
      { title: 'for', text: ({ purpose }) => purpose },
      { title: 'pid', text: ({ pid }) => String(pid), align: 'right' },
      {
        title: 'up',
        text: ({ startedAt }) => formatDuration(now.getTime() - Date.parse(startedAt)),
        align: 'right',
      },
      { title: 'address', text: ({ port }) => `http://127.0.0.1:${port}` },
    ],
    services,
    { width, paintTitle: colours.dim },
  );
  return `${lines.join('\n')}\n`;
}

function formatLastRun(run: RunRecord | undefined): string {
  if (!run) return 'none yet\n';
  const count = (status: string) => run.tasks.filter((task) => task.status === status).length;
  const name = requestedTargets(run.argv.slice(2)).join(' ') || 'nx';
  const hits = run.tasks.filter(({ cache }) => cache !== 'miss').length;
  const parts = [
    `${count('success')} of ${run.tasks.length} tasks succeeded (${hits} from the cache)`,
    ...(count('failure') > 0 ? [`${count('failure')} failed`] : []),
    ...(count('stopped') > 0 ? [`${count('stopped')} stopped`] : []),
    formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt)),
  ];
  const refused = run.error ? `refused: ${run.error.what}` : parts.join(', ');
  return `${name}, ended ${run.endedAt}: ${refused}\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
