import { didYouMean, nearestNames } from './nearest-names';

const NAMES = [
  'testing',
  'build',
  'test',
  'test-api',
  'bench',
  'serve',
  'lint-rust',
  'deps',
  'db-migrate',
  'doctor',
];

test.each([
  ['tset', ['test']],
  ['biuld', ['build']],
  ['bench2', ['bench']],
  ['tests', ['test']],
  ['testapi', ['test-api']],
  ['lint', ['lint-rust']],
  ['dep', ['deps']],
  ['migrate', ['db-migrate']],
  ['deploy', []],
  ['xyzzy', []],
  ['SERVE', ['serve']],
])('%s may mean %j', (word, names) => {
  expect(nearestNames(word, NAMES)).toEqual(names);
});

test('the sentence', () => {
  expect(didYouMean('tes', NAMES)).toBe('did you mean test or testing or test-api?');
  expect(didYouMean('xyzzy', NAMES)).toBeUndefined();
});
