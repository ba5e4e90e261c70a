/** Fails when a process of this checkout still runs: a server, the supervisor, a task. Linux only, where CI runs. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const deadline = Date.now() + 20_000;
let left = findProcesses();
while (left.length > 0 && Date.now() < deadline) {
  await new Promise((resolve) => setTimeout(resolve, 500));
  left = findProcesses();
}
for (const line of left) console.error(`still running: ${line}`);
if (left.length === 0) console.log('no process of this checkout is left');
process.exitCode = left.length === 0 ? 0 : 1;

function findProcesses() {
  const ours = ancestorsOfThisProcess();
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && !ours.has(entry))
    .map((pid) => ({ pid, command: text(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ pid, command }) => command && belongsHere(pid, command))
    .map(({ pid, command }) => `${pid} ${command}`);
}

function belongsHere(pid, command) {
  return (
    command.includes(`${workspace}/`) ||
    link(pid, 'cwd').startsWith(`${workspace}/`) ||
    link(pid, 'exe').startsWith(`${workspace}/`)
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
