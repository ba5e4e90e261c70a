import { setParallel } from './parallel';

it.each([
  [['run-many', '-t', 'test', '--parallel=4'], '4'],
  [['run-many', '--parallel', '2', '-t', 'test'], '2'],
  [['run-many', '--parallel=1', '--parallel=3'], '3'],
  [['run-many', '--maxParallel=5'], '5'],
  [['run-many', '--parallel=false'], '1'],
  [['run-many', '--parallel', '-t', 'test'], undefined],
  [['run-many', '--parallel=50%'], undefined],
  [['run', 'a:test', '--', '--parallel=4'], undefined],
  [['run', 'a:test'], undefined],
])('%j: %s', (argv, expected) => {
  const env: NodeJS.ProcessEnv = { RUST_PLATFORM_PARALLEL: '9' };
  setParallel(argv, env);
  expect(env['RUST_PLATFORM_PARALLEL']).toBe(expected);
});
