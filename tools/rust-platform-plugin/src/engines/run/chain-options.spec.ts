import { chainOption } from './chain-options';

test.each([
  ['1', true],
  ['true', true],
  ['0', false],
  ['yes', false],
  [undefined, false],
])('%p in the environment is %p', (value, expected) => {
  expect(chainOption('keepDeps', { RUST_PLATFORM_KEEP_DEPS: value })).toBe(expected);
  expect(chainOption('allowRemote', { RUST_PLATFORM_ALLOW_REMOTE: value })).toBe(expected);
});
