import { globsToRegExp, matchesGlob } from './match-glob';

describe('globs', () => {
  test.each([
    ['crates/*', 'crates/a', true],
    ['crates/*', 'crates/.hidden', true],
    ['crates/*', 'crates/a/b', false],
    ['crates/**', 'crates/a/b', true],
    ['{a,b}/x', 'b/x', true],
    ['a', 'ab', false],
  ])('%s and %s', (glob, path, fits) => {
    expect(matchesGlob(path, glob)).toBe(fits);
    expect(globsToRegExp(['other', glob]).test(path)).toBe(fits);
  });

  test('none fits nothing', () => {
    expect(globsToRegExp([]).test('')).toBe(false);
    expect(globsToRegExp(['']).test('a')).toBe(false);
  });
});
