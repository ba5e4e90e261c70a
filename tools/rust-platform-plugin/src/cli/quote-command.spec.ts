import { quoteCommand } from './quote-command';

test('can be copied into a shell', () => {
  expect(quoteCommand(['run-many', '-t', 'test', '--args=a b', "it's", '', '$HOME', '--x=1,2'])).toBe(
    `run-many -t test '--args=a b' 'it'\\''s' '' '$HOME' --x=1,2`,
  );
});
