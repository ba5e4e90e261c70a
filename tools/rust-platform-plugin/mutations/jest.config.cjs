const base = require('../jest.config.cjs');

/** The short form of the mutation matrix: `npx jest -c mutations/jest.config.cjs`. */
module.exports = {
  ...base,
  rootDir: base.rootDir,
  roots: ['<rootDir>/mutations'],
  modulePathIgnorePatterns: ['<rootDir>/mutations/.*/fixture'],
  testTimeout: 300_000,
  maxWorkers: 1,
};
