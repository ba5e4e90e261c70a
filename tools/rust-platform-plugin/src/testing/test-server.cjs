// A server for tests, told by environment: PORT, MODE (comma-separated), DRAIN_MS, OTHER_PORT.
const { spawn } = require('node:child_process');
const { createServer } = require('node:http');
const { setInterval } = require('node:timers');

const modes = (process.env.MODE ?? '').split(',');
const is = (mode) => modes.includes(mode);
const listen = (port) =>
  createServer(answer).listen(Number(port), '127.0.0.1', () => console.log(`listening on ${port}`));
let requests = 0;

function answer(_request, response) {
  requests += 1;
  // `slow-health` answers 503 at first, `unhealthy` always.
  response.statusCode = is('unhealthy') || (is('slow-health') && requests < 3) ? 503 : 200;
  response.end('ok');
}

console.log(`stdin ${require('node:fs').readFileSync(0).length} cwd ${process.cwd()}`);
if (is('panic')) {
  for (let line = 1; line <= 40; line += 1) console.log(`line ${line}`);
  console.error("thread 'main' panicked at src/main.rs:7:5: DATABASE_URL is missing");
  process.exit(101);
}
if (is('chatty'))
  for (let line = 1; line <= 20_000; line += 1) console.log(`chatty line ${line} ${'x'.repeat(100)}`);
if (is('daemon')) {
  // Double-forked: in a session of its own, with parent 1, and deaf to SIGTERM.
  const script = 'trap "" TERM; sleep 300; sleep 300';
  spawn('sh', ['-c', `(setsid sh -c '${script}' >/dev/null 2>&1 &)`], { stdio: 'ignore' });
}
if (is('deaf')) process.on('SIGTERM', () => console.log('SIGTERM ignored'));
else if (process.env.DRAIN_MS) {
  process.on('SIGTERM', () => {
    console.log('draining');
    setTimeout(() => {
      console.log('drained');
      process.exit(0);
    }, Number(process.env.DRAIN_MS));
  });
}
setInterval(() => undefined, 60_000);
if (is('silent')) console.log('does not listen');
else if (is('other-port')) listen(process.env.OTHER_PORT);
else listen(process.env.PORT);
if (is('crash-later')) setTimeout(() => process.exit(3), 1_000);
