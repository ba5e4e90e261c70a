import { parseTaskGraph } from './parse-task-graph';

const task = (id: string, extra = {}) => {
  const [project = '', target = ''] = id.split(':');
  return { id, target: { project, target }, cache: false, continuous: false, ...extra };
};

const GRAPH = {
  graph: { nodes: { links: { data: { targets: { bench: { executor: 'rust-platform-plugin:bench' } } } } } },
  tasks: {
    roots: ['links:build'],
    tasks: {
      'links:bench': task('links:bench'),
      'links:e2e': task('links:e2e'),
      'links:build': task('links:build', { cache: true }),
      'links:serve': task('links:serve', { continuous: true }),
    },
    dependencies: {
      'links:bench': [{ id: 'links:build' }],
      'links:e2e': [{ id: 'links:build', waitFor: 'ready' }],
      'links:build': [],
      'links:serve': ['links:build'],
    },
    continuousDependencies: { 'links:e2e': [{ id: 'links:serve' }] },
  },
};

test('dependencies come first, continuous ones too', () => {
  expect(parseTaskGraph(GRAPH).tasks.map(({ id }) => id)).toEqual([
    'links:build',
    'links:bench',
    'links:serve',
    'links:e2e',
  ]);
});

test('a task keeps what the summary needs', () => {
  expect(parseTaskGraph(GRAPH).tasks).toContainEqual({
    id: 'links:bench',
    project: 'links',
    target: 'bench',
    executor: 'rust-platform-plugin:bench',
    cache: false,
    continuous: false,
    dependsOn: ['links:build'],
  });
  expect(parseTaskGraph(GRAPH).tasks.find(({ id }) => id === 'links:e2e')?.dependsOn).toEqual([
    'links:build',
    'links:serve',
  ]);
});

test('a cycle ends', () => {
  const tasks = { 'a:x': task('a:x'), 'b:x': task('b:x') };
  const dependencies = { 'a:x': [{ id: 'b:x' }], 'b:x': [{ id: 'a:x' }] };
  expect(parseTaskGraph({ tasks: { tasks, dependencies } }).tasks).toHaveLength(2);
});

test.each([null, {}, { tasks: {} }, 'text'])('%j is refused', (value) => {
  expect(() => parseTaskGraph(value)).toThrow('has no task graph');
});
