import type { RustCrate, RustService, ServiceModel } from '../service-model/service-model';

/** A platform of two services and a library: `gateway` needs Redis and `links`, `links` needs PostgreSQL. */
export function testModel(): ServiceModel {
  return {
    problems: [],
    crates: [
      testCrate('links', {
        packageName: 'links-package',
        testNeeds: ['postgres'],
        service: testService({ needs: [{ kind: 'postgres' }], migrations: 'services/links/migrations' }),
      }),
      testCrate('gateway', {
        service: testService({
          port: 8102,
          needs: [{ kind: 'redis' }, { kind: 'service', project: 'links' }],
        }),
      }),
      testCrate('service-kit', { hasLibrary: true }),
    ],
  };
}

export function testCrate(project: string, extra: Partial<RustCrate> = {}): RustCrate {
  return {
    project,
    packageName: project,
    description: undefined,
    root: `services/${project}`,
    manifest: `services/${project}/Cargo.toml`,
    cargoRoot: 'services',
    targetDirectory: '/nowhere/target',
    lockFile: 'services/Cargo.lock',
    edition: '2024',
    binaries: [project],
    hasLibrary: false,
    hasDoctests: false,
    dependencies: [],
    externalPathDependencies: [],
    testNeeds: [],
    service: undefined,
    ...extra,
  };
}

export function testService(extra: Partial<RustService> = {}): RustService {
  return {
    binary: 'links',
    args: [],
    port: 8101,
    portSource: 'metadata',
    health: '/health',
    needs: [],
    evidence: [],
    env: {},
    migrations: undefined,
    apiTests: [],
    scenarios: undefined,
    gracePeriod: 10,
    startTimeout: 30,
    ...extra,
  };
}
