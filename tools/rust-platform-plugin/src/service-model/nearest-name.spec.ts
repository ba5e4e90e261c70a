import { nearestNames, suggestion } from './nearest-name';

it.each([
  ['prot', ['port', 'env', 'health'], ['port']],
  ['testNeeds', ['test-needs', 'needs'], ['test-needs']],
  ['PORT', ['port'], ['port']],
  ['completely-different', ['port', 'env'], []],
])('%s', (name, candidates, expected) => {
  expect(nearestNames(name, candidates)).toEqual(expected);
});

it('shows everything when nothing is near', () => {
  expect(suggestion('zzzzzz', ['port', 'health'])).toBe('known: port, health');
  expect(suggestion('x', [])).toBe('there is none');
});
