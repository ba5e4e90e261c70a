import { ownIdentity } from '../process/process-identity';
import { createTestRedis } from '../engines/redis/create-test-redis';

/** A process for tests that is killed while it has a Redis of its own: node … <workspace root>. It prints the URL. */
const workspaceRoot = process.argv[2] ?? '';

void createTestRedis({
  workspaceRoot,
  owner: ownIdentity(),
  service: 'killed',
  env: process.env,
  report: console.log,
}).then(
  ({ url }) => {
    console.log(`url ${url}`);
    setInterval(() => undefined, 60_000);
  },
  (error: unknown) => console.log(`failed ${String(error)}`),
);
