import { PlatformError } from '../../errors';
import type { Need, RustCrate, ServiceModel } from '../../service-model/service-model';
import { refuseComposeNeeds, serverNeeds, serviceCrate, startOrder } from './start-order';

const service = (project: string): Need => ({ kind: 'service', project });

function modelOf(needs: Record<string, Need[] | undefined>): ServiceModel {
  const crates = Object.entries(needs).map(
    ([project, list]) => ({ project, service: list ? { needs: list } : undefined }) as unknown as RustCrate,
  );
  return { crates, problems: [] };
}

const names = (model: ServiceModel, project: string) =>
  startOrder(model, project).map((crate) => crate.project);

describe('startOrder', () => {
  it('puts what is needed first, each once', () => {
    const model = modelOf({
      edge: [service('gateway'), service('shortener')],
      gateway: [service('shortener'), { kind: 'redis' }],
      shortener: [{ kind: 'postgres' }],
      other: [],
    });
    expect(names(model, 'edge')).toEqual(['shortener', 'gateway', 'edge']);
    expect(names(model, 'shortener')).toEqual(['shortener']);
  });

  it('names a circle', () => {
    const model = modelOf({ a: [service('b')], b: [service('c')], c: [service('b')] });
    expect(() => startOrder(model, 'a')).toThrow('services need each other in a circle: b → c → b');
  });

  it('names who needs what is no service', () => {
    const model = modelOf({ a: [service('kit')], kit: undefined });
    expect(() => startOrder(model, 'a')).toThrow('kit is not a service, and a needs it');
  });
});

test('serverNeeds: what one of them uses itself', () => {
  const model = modelOf({ a: [service('b'), { kind: 'redis' }], b: [{ kind: 'postgres' }], c: [] });
  const services = ['a', 'b', 'c'].map((project) => serviceCrate(model, project).service);
  expect(serverNeeds(services)).toEqual(['postgres', 'redis']);
  expect(serverNeeds(services.slice(2))).toEqual([]);
});

test('refuseComposeNeeds: no fresh one of these can be made', () => {
  const model = modelOf({ a: [{ kind: 'compose', service: 'kafka' }], b: [{ kind: 'redis' }] });
  expect(() => refuseComposeNeeds(serviceCrate(model, 'a'))).toThrow(PlatformError);
  expect(() => refuseComposeNeeds(serviceCrate(model, 'b'))).not.toThrow();
});
