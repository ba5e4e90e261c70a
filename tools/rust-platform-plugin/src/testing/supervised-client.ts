import { connectSupervisor, type ServiceSpec } from '../engines/supervisor';

/** A client for tests: node … <workspace> [<service as JSON>…]. It holds its services until it is killed. */
async function main(): Promise<void> {
  const [workspaceRoot = '', ...specs] = process.argv.slice(2);
  const client = await connectSupervisor(workspaceRoot);
  console.log('connected');
  for (const text of specs) {
    const spec = JSON.parse(text) as ServiceSpec;
    const service = await client.start(spec);
    console.log(`started ${spec.name} ${service.pid}`);
    await service.ready;
    console.log(`ready ${spec.name}`);
  }
}

main().catch((error: unknown) => {
  console.log(String(error));
  process.exitCode = 1;
});
