import { formatDuration } from './format-duration';

test.each([
  [undefined, '-'],
  [0, '0.0 s'],
  [49, '0.0 s'],
  [50, '0.1 s'],
  [12_345, '12.3 s'],
  [59_949, '59.9 s'],
  [59_950, '1 m 00 s'],
  [245_000, '4 m 05 s'],
  [3_599_499, '59 m 59 s'],
  [3_599_500, '1 h 00 m'],
  [3_720_000, '1 h 02 m'],
])('%s ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});
