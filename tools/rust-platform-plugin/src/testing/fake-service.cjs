// Stands for the release binary of a service. Told by environment: HOST, PORT, DATABASE_URL, FAULT (comma-separated).
const { createServer } = require('node:http');

const faults = (process.env.FAULT ?? '').split(',');
const has = (fault) => faults.includes(fault);
const urls = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(DATABASE|REDIS|.*)_URL$/.test(name)),
);

process.on('SIGTERM', () => {
  console.log('SIGTERM');
  if (!has('deaf')) process.exit(0);
});
for (let line = 1; line <= 40; line += 1) console.log(`starting, step ${line}`);
if (has('panic')) {
  console.error("thread 'main' panicked: FAULT=panic");
  process.exit(101);
}

createServer(
  (request, response) => void answer(request, response).catch((error) => fail(response, error)),
).listen(has('other-port') ? 0 : Number(process.env.PORT), process.env.HOST);

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://x');
  if (has('hang') || pathname === '/hang') return;
  if (pathname === '/die') {
    console.error('out of luck');
    process.exit(7);
  }
  if (pathname === '/die-soon') setTimeout(() => process.exit(7), 50);
  if (pathname === '/fail' || (has('500') && pathname !== '/health')) return fail(response, 'FAULT=500');
  if (pathname === '/upstream')
    return send(response, await (await fetch(`${process.env.STORE_URL}/hello`)).json());
  if (pathname === '/kill-upstream') {
    await fetch(`${process.env.STORE_URL}/die`).catch(() => undefined);
    return send(response, {});
  }
  if (pathname === '/rows') return send(response, { rows: await countRows() });
  send(response, pathname === '/urls' ? urls : { text: 'hello world' });
}

async function countRows() {
  const { Client } = require(process.env.PG_MODULE);
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    await client.query('INSERT INTO greetings (text) VALUES ($1)', ['hello']);
    return (await client.query('SELECT count(*)::int AS count FROM greetings')).rows[0].count;
  } finally {
    await client.end();
  }
}

function send(response, value) {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

function fail(response, error) {
  response.statusCode = 500;
  response.end(String(error));
}
