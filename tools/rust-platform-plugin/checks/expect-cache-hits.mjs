/** Fails unless every cached step of the last `testing` run came from the cache. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cached = ['build', 'test', 'test-api', 'clippy', 'rustfmt'];
const workspace = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const { rows } = JSON.parse(readFileSync(join(workspace, 'reports', 'testing.json'), 'utf8'));
const expected = rows.filter(({ target }) => cached.includes(target));
const missed = expected.filter(({ cache }) => cache === 'miss' || cache === undefined);
for (const { id } of missed) console.error(`${id} was not taken from the cache`);
console.log(`${expected.length - missed.length} of ${expected.length} cached steps came from the cache`);
process.exitCode = missed.length > 0 || expected.length === 0 ? 1 : 0;
