import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile, readdir, readlink } from 'node:fs/promises';
import type { ListeningSocket } from './linux-sockets';
import type {
  EnvironmentMarker,
  Listener,
  ListenerFilter,
  PlatformFacts,
  ProcessDetails,
  ProcessEntry,
} from './platform-facts';

/** Facts from /proc. `stat` is read synchronously: it never blocks and costs a tenth of an asynchronous read. */
export function linuxFacts(): PlatformFacts {
  const place = bootAndNamespace();
  const entrySync = (pid: number) => {
    const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return stat === undefined ? undefined : parseStat(stat, place);
  };
  return {
    entrySync,
    entries: async () => numericFolders(readdirSync('/proc')).flatMap((pid) => entrySync(pid) ?? []),
    withMarker: (pids, marker) => filterAsync(pids, (pid) => hasMarker(pid, marker)),
    details: readDetails,
    listeners: readListeners,
  };
}

/** `pid (comm) state ppid pgrp session … starttime …`; comm may hold spaces and parentheses, so the last `)` ends it. */
export function parseStat(stat: string, place: string): ProcessEntry | undefined {
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const [state, ppid, group, session] = fields;
  const ticks = fields[19];
  if (end < 0 || state === undefined || ticks === undefined) return undefined;
  return {
    pid: Number.parseInt(stat, 10),
    ppid: Number(ppid),
    group: Number(group),
    session: Number(session),
    startTime: `${place}.${ticks.trim()}`,
    zombie: state === 'Z' || state === 'X',
  };
}

/** Ticks are counted from boot, and numbers mean something in one process namespace only (containers share the boot). */
function bootAndNamespace(): string {
  const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? bootTime();
  const namespace = readOr(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  return `${boot.replace(/[^0-9a-f]/g, '').slice(0, 16)}.${namespace.replace(/\D/g, '') || '0'}`;
}

function bootTime(): string {
  const stat = readOr(() => readFileSync('/proc/stat', 'utf8')) ?? '';
  return /^btime (\d+)/m.exec(stat)?.[1] ?? '0';
}

async function hasMarker(pid: number, marker: EnvironmentMarker): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(`${marker.name}=${marker.value}`);
}

async function readDetails(pid: number): Promise<ProcessDetails | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => undefined);
  if (status === undefined) return undefined;
  const name = /^Name:\s*(.*)$/m.exec(status)?.[1] ?? '?';
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const argv = commandLine.replace(/\0+$/, '').split('\0');
  return {
    argv: commandLine === '' ? [`[${name}]`] : argv,
    user: await userName(Number(/^Uid:\s*(\d+)/m.exec(status)?.[1])),
    cwd: await readlink(`/proc/${pid}/cwd`).catch(() => undefined),
  };
}

async function userName(uid: number): Promise<string> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = passwd.split('\n').find((entry) => entry.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? `uid ${uid}`;
}

async function readListeners({ port, pids }: ListenerFilter): Promise<Listener[]> {
  // Loaded only here: every graph asks for the command line of a process, few for sockets.
  const { parseSocketTable } = require('./linux-sockets') as typeof import('./linux-sockets');
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  const sockets = tables
    .flatMap((table) => parseSocketTable(table))
    .filter((socket) => port === undefined || socket.port === port);
  if (sockets.length === 0) return [];
  const owners = await socketOwners(sockets, pids ?? numericFolders(readdirSync('/proc')));
  const listeners = await Promise.all(sockets.map((socket) => describeSocket(socket, owners)));
  return listeners.flat().filter(({ pid }) => pids === undefined || pid !== undefined);
}

async function describeSocket(socket: ListeningSocket, owners: Map<string, number[]>): Promise<Listener[]> {
  const { port, address, uid, inode } = socket;
  const user = await userName(uid);
  const pids: Array<number | undefined> = owners.get(inode) ?? [undefined];
  return pids.map((pid) => ({ port, address, pid, user }));
}

/** Inode → processes that hold it open; folders of other users cannot be read and are left out. */
async function socketOwners(sockets: ListeningSocket[], pids: number[]): Promise<Map<string, number[]>> {
  const links = new Map(sockets.map(({ inode }) => [`socket:[${inode}]`, inode]));
  const owners = new Map<string, number[]>();
  for (const pid of pids) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const held = new Set(files.map((file) => readOr(() => readlinkSync(`/proc/${pid}/fd/${file}`))));
    for (const [link, inode] of links) {
      if (held.has(link)) owners.set(inode, [...(owners.get(inode) ?? []), pid]);
    }
  }
  return owners;
}

function numericFolders(names: string[]): number[] {
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function filterAsync<T>(items: T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const verdicts = await Promise.all(items.map(keep));
  return items.filter((_, index) => verdicts[index]);
}

/** Processes end while they are read: a missing file is an answer. */
function readOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
