export type { ServiceExit, ServiceSpec, ServiceState } from './service-spec';
export {
  connectSupervisor,
  listServices,
  type ConnectOptions,
  type RunningService,
  type StartOptions,
  type SupervisorClient,
} from './supervisor-client';
export { livingRunLeases, registerRunLease, type RunLease } from './run-leases';
