import { NO_NEEDS, type RunCommand } from '../run-command';

export const dbMigrate: RunCommand = {
  name: 'db-migrate',
  kind: 'target',
  summary: 'apply the migrations',
  description:
    "Applies the service's sqlx migrations to its own database, which is created when it is missing.",
  examples: ['rust-platform db-migrate', 'rust-platform db-migrate links'],
  needs: { ...NO_NEEDS, servers: [{ of: 'migrations', required: true }] },
  servicesOnly: true,
};
