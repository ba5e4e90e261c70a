// A second plugin of the fixture: what Nx says of each task, with its hash.
const { writeFileSync } = require('node:fs');

module.exports = {
  name: 'mutation-probe',
  postTasksExecution(_options, { taskResults }) {
    const rows = Object.values(taskResults).map(({ task, status }) => [task.id, { hash: task.hash, status }]);
    writeFileSync(process.env.MUTATIONS_PROBE, JSON.stringify(Object.fromEntries(rows)));
  },
};
