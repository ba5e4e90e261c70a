import { PlatformError } from '../../errors';
import { benchSettings, loadSeconds, type BenchSettings } from './bench-settings';

describe('benchSettings', () => {
  it('is full by default', () => {
    expect(benchSettings({})).toEqual(benchSettings({ profile: 'full' }));
  });

  it('leaves room in the budgets to start and stop servers', () => {
    expect(loadSeconds(benchSettings({ profile: 'full' }))).toBeLessThanOrEqual(50);
    expect(loadSeconds(benchSettings({ profile: 'smoke' }))).toBeLessThanOrEqual(6);
  });

  it('takes what is given', () => {
    const given: BenchSettings = {
      profile: 'smoke',
      connections: 1,
      duration: 1.5,
      warmup: 0,
      runs: 3,
      timeout: 1,
    };
    expect(benchSettings(given)).toEqual(given);
    expect(loadSeconds(given)).toBe(4.5);
  });

  it('lists every mistake at once', () => {
    const nonsense = {
      profile: 'huge',
      connections: 1.5,
      duration: Number.NaN,
      warmup: -1,
      runs: 0,
      timeout: '3',
    } as unknown as BenchSettings;
    let error: unknown;
    try {
      benchSettings(nonsense);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(PlatformError);
    expect((error as PlatformError).exitCode).toBe(2);
    expect((error as PlatformError).why?.split('\n')).toEqual([
      'profile: must be full or smoke, not "huge"',
      'connections: must be a whole number, not 1.5',
      'duration: must be a number, not NaN',
      'warmup: must be from 0 to 600, not -1',
      'runs: must be from 1 to 100, not 0',
      'timeout: must be a number, not "3"',
    ]);
  });
});
