import { formatPlan } from './format-plan';

const run = { target: 'testing', commandLine: 'nx run-many -t testing -p links' };

test('tasks in order, aggregates left out', () => {
  const base = { project: 'links', continuous: false };
  const tasks = [
    {
      ...base,
      id: 'links:build',
      target: 'build',
      executor: 'rust-platform-plugin:build',
      cache: true,
      dependsOn: [],
    },
    {
      ...base,
      id: 'links:testing-bench',
      target: 'testing-bench',
      executor: 'rust-platform-plugin:bench',
      cache: false,
      dependsOn: ['links:build'],
    },
    {
      ...base,
      id: 'links:testing',
      target: 'testing',
      executor: 'nx:noop',
      cache: false,
      dependsOn: ['links:testing-bench'],
    },
  ];
  expect(formatPlan({ tasks }, run)).toBe(
    `Plan of testing: nx run-many -t testing -p links

     task                 cache                        after
  1  links:build          cached when nothing changed
  2  links:testing-bench  always runs                  links:build

Nothing was started (--dry-run)
`,
  );
});

test('an empty plan says so', () => {
  expect(formatPlan({ tasks: [] }, run)).toContain('Nothing to do: no project has a target testing');
});
