import { redactArguments, redactLine } from './redact-arguments';

test.each([
  ['--url=http://u:secret@127.0.0.1:8080', '--url=http://***@127.0.0.1:8080'],
  ['http://ghp_secret@host/a@b', 'http://***@host/a@b'],
  ['http://u:se@cret@host/', 'http://***@host/'],
  ['http://u:se/cret@host/', 'http://***@host/'],
  ['--url=http://h/?api_key=secret&a=b', '--url=http://h/?api_key=***&a=b'],
  ['--db-password=secret', '--db-password=***'],
  ['--token=a=secret', '--token=***'],
])('%s becomes %s', (arg, expected) => expect(redactArguments([arg])).toEqual([expected]));

test('the value after an option that is named like a secret', () => {
  expect(redactArguments(['--password', 'hunter2', '--token', '--verbose'])).toEqual([
    '--password',
    '***',
    '--token',
    '--verbose',
  ]);
});

test('harmless arguments stay as they are', () => {
  const args = ['run-many', '-t', 'test', '--url=http://127.0.0.1:8080/@me', '-p=@scope/a,b', '--args=a b'];
  expect(redactArguments(args)).toEqual(args);
  expect(redactArguments(['http://h:8080/a:b@c'])).toEqual(['http://h:8080/a:b@c']);
});

test('a line of text', () => {
  expect(redactLine('failed: nx run a:b  --url http://u:secret@h --pass=x\nnext')).toBe(
    'failed: nx run a:b  --url http://***@h --pass=***\nnext',
  );
});
