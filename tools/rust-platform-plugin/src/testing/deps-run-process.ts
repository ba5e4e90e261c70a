import { ensureDeps } from '../engines/deps/ensure-deps';
import type { EnsureDepsRequest } from '../engines/deps/deps-types';
import { ownIdentity } from '../process/process-identity';

/** A run for tests: node … '<request as JSON>'. It prints the ports and lives until it is killed. */
const request = JSON.parse(process.argv[2] ?? '{}') as Omit<EnsureDepsRequest, 'report' | 'lifetime'>;

ensureDeps({ ...request, lifetime: { kind: 'run', holder: ownIdentity() }, report: () => undefined }).then(
  ({ postgres, redis }) => {
    console.log(`ports ${postgres?.port} ${redis?.port}`);
    setInterval(() => undefined, 60_000);
  },
  (error: { code?: string; message: string }) => console.log(`failed ${error.code} ${error.message}`),
);
