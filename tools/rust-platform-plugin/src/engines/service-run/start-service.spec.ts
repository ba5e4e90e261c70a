import { serviceLogFile } from './start-service';

const request = { workspaceRoot: '/w', logsDirectory: 'logs', purpose: 'test' as const, runId: 'ab12' };

test.each([
  [{ project: 'store' }, '/w/logs/store/test-ab12.log'],
  [{ project: 'store', neededBy: 'edge' }, '/w/logs/store/test-ab12-for-edge.log'],
  [{ project: '@acme/store', runId: '../../x' }, '/w/logs/-acme-store/test--..-x.log'],
])('the log of %j is %s', (change, file) => {
  expect(serviceLogFile({ ...request, ...change })).toBe(file);
});
