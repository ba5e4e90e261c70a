import { parseNxCommand } from './nx-command';

const parse = (line: string) => parseNxCommand(line.split(' '));
const command = { projects: undefined, exclude: [], configuration: undefined, isDryRun: false };

it.each([
  ['run-many -t serve bench', { ...command, targets: ['serve', 'bench'] }],
  [
    'run-many --targets=serve,bench -p a,b c --exclude x',
    { ...command, targets: ['serve', 'bench'], projects: ['a', 'b', 'c'], exclude: ['x'] },
  ],
  ['run-many --target build --parallel 3', { ...command, targets: ['build'] }],
  ['--verbose run-many -t=build', { ...command, targets: ['build'] }],
  ['affected -t lint-rust --base=main -c ci', { ...command, targets: ['lint-rust'], configuration: 'ci' }],
  ['run a:build', { ...command, targets: ['build'], projects: ['a'] }],
  ['run a:build:ci', { ...command, targets: ['build'], projects: ['a'], configuration: 'ci' }],
  ['a:build --configuration=ci', { ...command, targets: ['build'], projects: ['a'], configuration: 'ci' }],
  ['build a --prod', { ...command, targets: ['build'], projects: ['a'], configuration: 'production' }],
  ['t a', { ...command, targets: ['test'], projects: ['a'] }],
  ['run a:deploy --dry-run', { ...command, targets: ['deploy'], projects: ['a'], isDryRun: true }],
  [
    'run a:deploy -- --dryRun=true -t x',
    { ...command, targets: ['deploy'], projects: ['a'], isDryRun: true },
  ],
  ['run a:deploy --args=--dry-run', { ...command, targets: ['deploy'], projects: ['a'], isDryRun: true }],
  ['run a:deploy --dry-run=false', { ...command, targets: ['deploy'], projects: ['a'] }],
  ['run-many -t build -- -c x', { ...command, targets: ['build'] }],
])('%s', (line, expected) => {
  expect(parse(line)).toEqual(expected);
});

it.each(['graph', 'show projects', 'run-many', 'release publish', 'reset', ''])(
  '%j runs no targets that are known',
  (line) => {
    const found = parse(line);
    expect(found === undefined || found.targets.every((target) => ['show', 'release'].includes(target))).toBe(
      true,
    );
  },
);
