import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseScenarios } from '../../engines/bench/parse-scenarios';
import { healthPlan, type BenchPlan } from '../../engines/bench/scenarios';
import type { TaskContext } from '../task-context';

/** The scenario file of the task's service; without one, the health URL alone. */
export async function readPlan({ workspaceRoot, service }: TaskContext): Promise<BenchPlan> {
  if (service?.scenarios === undefined) return healthPlan(service?.health ?? '/health');
  return parseScenarios(await readFile(join(workspaceRoot, service.scenarios), 'utf8'), service.scenarios);
}
