/**
 * Fails when something of this checkout is left: a process (found by command, folder, program or environment), a container, a
 * temporary folder. Linux only, where CI runs with a TMPDIR of its own, given as argument.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const [temporary] = process.argv.slice(2);
const places = [workspace, ...(temporary ? [temporary] : [])];
const deadline = Date.now() + 20_000;
let left = findAll();
while (left.length > 0 && Date.now() < deadline) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  left = findAll();
}
for (const line of left) console.error(`left behind: ${line}`);
if (left.length === 0) console.log('no process, container or temporary folder of this checkout is left');
process.exitCode = left.length === 0 ? 0 : 1;

function findAll() {
  return [...findProcesses(), ...findContainers(), ...findFolders()];
}

/** Ours are labelled; without an engine there are none. */
function findContainers() {
  if (!process.env.DOCKER_HOST) return [];
  const format = '{{.Names}} {{.Labels}}';
  const lines = execFileSync('docker', ['ps', '--format', format], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes('rust-platform'))
    .map((line) => `container ${line.split(' ')[0]}`);
}

/** What tasks make for themselves: a Redis, a nextest configuration, the workspaces of specs. */
function findFolders() {
  if (!temporary) return [];
  return readdirSync(temporary)
    .filter((name) => /^(rust-platform-(redis|nextest)|rp-)/.test(name))
    .map((name) => `folder ${name}`);
}

function findProcesses() {
  const ours = ancestorsOfThisProcess();
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && !ours.has(entry))
    .map((pid) => ({ pid, command: text(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ pid, command }) => command && belongsHere(pid, command))
    .map(({ pid, command }) => `${pid} ${command}`);
}

function belongsHere(pid, command) {
  // The engine that CI itself started; the containers of a checkout are looked for by label.
  if (/^(\S*\/)?(dockerd|containerd|containerd-shim\S*|docker-proxy)\b/.test(command)) return false;
  const facts = [command, link(pid, 'cwd'), link(pid, 'exe'), text(pid, 'environ')];
  return facts.some((fact) =>
    places.some((place) => fact.includes(`${place}/`) || fact.includes(`${place}\0`)),
  );
}

function ancestorsOfThisProcess() {
  const chain = new Set();
  for (let pid = String(process.pid); pid && pid !== '0'; pid = parentOf(pid)) chain.add(pid);
  return chain;
}

function parentOf(pid) {
  return text(pid, 'stat').split(') ').at(-1)?.split(' ')[1];
}

function text(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function link(pid, file) {
  try {
    return readlinkSync(`/proc/${pid}/${file}`);
  } catch {
    return '';
  }
}
