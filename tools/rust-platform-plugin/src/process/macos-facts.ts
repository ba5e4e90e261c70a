import { capture, captureSync } from './capture';
import type {
  EnvironmentMarker,
  Listener,
  ListenerFilter,
  PlatformFacts,
  ProcessEntry,
} from './platform-facts';

const ENTRY_COLUMNS = 'pid=,ppid=,pgid=,state=,lstart=';

/** Facts from ps, lsof and netstat. Start times have seconds only, and sessions are not told. */
export function macosFacts(): PlatformFacts {
  return {
    entrySync: (pid) => parseEntries(captureSync('ps', ['-o', ENTRY_COLUMNS, '-p', String(pid)]))[0],
    entries: async () => parseEntries(await capture('ps', ['-A', '-o', ENTRY_COLUMNS])),
    withMarker: async (pids, marker) =>
      pids.length === 0
        ? []
        : parseMarked(
            await capture('ps', ['-ww', '-E', '-o', 'pid=,command=', '-p', pids.join(',')]),
            marker,
          ),
    details: async (pid) => {
      const line = await capture('ps', ['-ww', '-o', 'user=,command=', '-p', String(pid)]);
      const [, user, command] = /^\s*(\S+)\s+(.*\S)\s*$/m.exec(line) ?? [];
      if (user === undefined || command === undefined) return undefined;
      const folder = await capture('lsof', ['-a', '-d', 'cwd', '-p', String(pid), '-Fn']);
      return { argv: command.split(/\s+/), user, cwd: /^n(\/.*)$/m.exec(folder)?.[1] };
    },
    listeners: readListeners,
  };
}

/** Lines like `  501   1   501 Ss   Mon Nov 24 05:55:00 2025`. */
export function parseEntries(text: string): ProcessEntry[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, ppid, group, state, started] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*\S)\s*$/.exec(line) ?? [];
    const seconds = Date.parse(`${started} UTC`) / 1000;
    if (pid === undefined || state === undefined || Number.isNaN(seconds)) return [];
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        group: Number(group),
        session: undefined,
        startTime: `macos.${seconds}`,
        zombie: state.startsWith('Z'),
      },
    ];
  });
}

/** `ps -E` writes the environment behind the command, separated by spaces. */
export function parseMarked(text: string, marker: EnvironmentMarker): number[] {
  const wanted = `${marker.name}=${marker.value}`;
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.includes(wanted))
    .map(([pid]) => Number(pid));
}

async function readListeners(filter: ListenerFilter): Promise<Listener[]> {
  const pids = filter.pids === undefined ? [] : ['-a', '-p', filter.pids.join(',')];
  if (filter.pids?.length === 0) return [];
  const files = await capture('lsof', ['-nP', ...pids, '-iTCP', '-sTCP:LISTEN', '-FpLn']);
  const owned = parseLsof(files).filter(({ port }) => filter.port === undefined || port === filter.port);
  if (filter.pids !== undefined) return owned;
  // Without root lsof is silent about other users, while netstat names every socket that listens.
  const all = parseNetstat(await capture('netstat', ['-an', '-p', 'tcp']));
  const strangers = all.filter(
    ({ port }) =>
      (filter.port === undefined || port === filter.port) && !owned.some((known) => known.port === port),
  );
  return [...owned, ...strangers];
}

/** Output of `lsof -FpLn`: one field per line, its first letter says which. */
export function parseLsof(text: string): Listener[] {
  const listeners: Listener[] = [];
  let pid: number | undefined;
  let user: string | undefined;
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    if (line.startsWith('L')) user = value;
    const [, address, port] = line.startsWith('n') ? (/^(.*):(\d+)$/.exec(value) ?? []) : [];
    if (address === undefined || port === undefined) continue;
    listeners.push({ port: Number(port), address: plainAddress(address), pid, user });
  }
  return listeners;
}

/** Lines like `tcp4  0  0  127.0.0.1.5432  *.*  LISTEN`. */
export function parseNetstat(text: string): Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, address, port] = /^tcp\S*\s+\d+\s+\d+\s+(\S+)\.(\d+)\s+\S+\s+LISTEN/.exec(line) ?? [];
    if (address === undefined || port === undefined) return [];
    return [{ port: Number(port), address: plainAddress(address), pid: undefined }];
  });
}

function plainAddress(address: string): string {
  return address === '*' ? '0.0.0.0' : address.replace(/^\[|\]$/g, '');
}
