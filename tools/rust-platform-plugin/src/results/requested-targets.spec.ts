import { requestedTargets } from './requested-targets';

test.each([
  ['run-many -t bench', ['bench']],
  ['run-many -t serve bench -p links', ['serve', 'bench']],
  ['run-many --targets=build,test --verbose', ['build', 'test']],
  ['run-many -p links -t test-api --parallel=2', ['test-api']],
  ['affected -t lint-rust --base=main', ['lint-rust']],
  ['affected --target build -- -t other', ['build']],
  ['run links:bench', ['bench']],
  ['run links:build:fast', ['build']],
  ['bench links', ['bench']],
  ['run-many', []],
  ['--version', []],
])('nx %s asks for %j', (line, targets) => {
  expect(requestedTargets(line.split(' '))).toEqual(targets);
});
