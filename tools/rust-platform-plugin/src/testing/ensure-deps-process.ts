import { ensureDeps } from '../engines/deps/ensure-deps';
import type { EnsureDepsRequest } from '../engines/deps/deps-types';

/** A process for tests of concurrent callers: node … '<request as JSON>'. It prints the ports, or the error's code. */
const request = JSON.parse(process.argv[2] ?? '{}') as Omit<EnsureDepsRequest, 'report'>;

ensureDeps({ ...request, report: () => undefined }).then(
  ({ postgres, redis }) => console.log(`ports ${postgres?.port} ${redis?.port}`),
  (error: { code?: string; message: string }) => console.log(`failed ${error.code} ${error.message}`),
);
