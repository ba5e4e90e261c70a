// Plays Nx for specs of the command line. What it does stands in stub.json of the workspace:
// { projects, graph, graphError, print, hang, exitCode, record: [task records], reports: [task reports] }
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { clearInterval, setInterval } = require('node:timers');

const root = process.cwd();
const stub = JSON.parse(readFileSync(join(root, 'stub.json'), 'utf8'));
const args = process.argv.slice(2);
const graphFile = args.find((arg) => arg.startsWith('--graph='))?.slice('--graph='.length);
const runId = process.argv[1].split('#rust-platform-run=')[1];
const log = (line) => appendFileSync(join(root, 'stub.log'), `${line}\n`);

if (args[0] === 'show') {
  console.log(JSON.stringify(stub.projects ?? []));
} else if (graphFile) {
  log(`graph ${args.join(' ')}`);
  if (stub.graphError) {
    console.error(stub.graphError);
    process.exit(1);
  }
  write(graphFile, stub.graph);
} else {
  log(
    `run ${args.join(' ')} keep=${process.env.RUST_PLATFORM_KEEP_DEPS} remote=${process.env.RUST_PLATFORM_ALLOW_REMOTE}`,
  );
  // It greets when it listens: a spec sends its signal upon the greeting.
  if (stub.hang) hang();
  console.log(stub.print ?? 'NX says hello');
  if (!stub.hang) finish(stub.exitCode ?? 0);
}

function hang() {
  log(`pid ${process.pid}`);
  const timer = setInterval(() => {
    if (stub.waitFor && existsSync(join(root, stub.waitFor))) end(stub.exitCode ?? 0);
  }, 50);
  const end = (code) => {
    clearInterval(timer);
    finish(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      log(`got ${signal}`);
      if (stub.hang !== 'deaf') end(130);
    });
  }
}

function finish(code) {
  for (const report of stub.reports ?? []) {
    const own = { schemaVersion: 1, runId, notes: [], files: [], startedAt: '', durationMs: 1, ...report };
    write(join(root, 'reports', own.project, `${own.target}.json`), own);
  }
  if (stub.record) {
    const times = { startedAt: new Date().toISOString(), endedAt: new Date().toISOString() };
    const record = {
      schemaVersion: 1,
      runId,
      argv: process.argv,
      ...times,
      tasks: stub.record,
      error: stub.error,
    };
    write(join(root, '.rust-platform', 'runs', `${runId}.json`), record);
  }
  log(`end ${code}`);
  process.exit(code);
}

function write(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}
