import { splitArguments } from './split-arguments';

test.each([
  ['', [], []],
  ['links', ['links'], []],
  ['links gateway', ['links', 'gateway'], []],
  ['links --parallel=2', ['links'], ['--parallel=2']],
  ['links --parallel 2', ['links'], ['--parallel', '2']],
  ['--verbose links', ['links'], ['--verbose']],
  [
    '--skip-nx-cache links --profile smoke gateway',
    ['links', 'gateway'],
    ['--skip-nx-cache', '--profile', 'smoke'],
  ],
  ['--no-batch links', ['links'], ['--no-batch']],
  ['--output-style static --nxBail links', ['links'], ['--output-style', 'static', '--nxBail']],
  ['-c fast links', ['links'], ['-c', 'fast']],
])('%j', (line, services, nxOptions) => {
  expect(splitArguments(line.split(' ').filter(Boolean))).toEqual({ services, nxOptions });
});
