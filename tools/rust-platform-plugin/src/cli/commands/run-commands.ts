import type { RunCommand } from '../run-command';
import { audit } from './audit';
import { bench } from './bench';
import { build } from './build';
import { check } from './check';
import { clippy } from './clippy';
import { dbMigrate } from './db-migrate';
import { deps } from './deps';
import { lintRust } from './lint-rust';
import { rustfmt } from './rustfmt';
import { serve } from './serve';
import { test } from './test';
import { testApi } from './test-api';
import { testApiLive } from './test-api-live';
import { testing } from './testing';

/** Targets and workflows in the order of the help. */
export const RUN_COMMANDS: readonly RunCommand[] = [
  testing,
  build,
  test,
  testApi,
  testApiLive,
  bench,
  serve,
  check,
  lintRust,
  clippy,
  rustfmt,
  audit,
  deps,
  dbMigrate,
];
