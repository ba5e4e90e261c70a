const base = require('./jest.config.cjs');

/** Real Nx in temporary workspaces with the packed plugin: one install for all specs, one spec at a time. */
module.exports = {
  ...base,
  roots: ['<rootDir>/e2e'],
  testMatch: ['**/*.e2e.spec.ts'],
  globalSetup: '<rootDir>/e2e/install-plugin.ts',
  globalTeardown: '<rootDir>/e2e/remove-plugin.ts',
  testTimeout: 300_000,
  maxWorkers: 1,
};
