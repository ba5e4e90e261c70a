// Executors that do nothing but succeed: what is tested are keys. All tasks of a run in one process.
const batch = async (graph) =>
  Object.fromEntries(
    Object.keys(graph.tasks).map((id) => [
      id,
      { success: true, terminalOutput: '', startTime: 1, endTime: 2 },
    ]),
  );

module.exports = { default: async () => ({ success: true }), batch };
