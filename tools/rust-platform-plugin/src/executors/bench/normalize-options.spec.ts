import { benchSettings } from '../../engines/bench/bench-settings';
import { normalizeOptions } from './normalize-options';
import schema from './schema.json';

describe('normalizeOptions', () => {
  it('takes the defaults of the profile', () => {
    expect(normalizeOptions({ profile: 'smoke' }, {})).toEqual({
      settings: benchSettings({ profile: 'smoke' }),
      allowRemote: false,
    });
  });

  it('refuses nonsense with exit 2', () => {
    expect(() => normalizeOptions({ connections: 0 }, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

test('the schema knows every option and describes it', () => {
  const options = [...Object.keys(benchSettings({})), 'allowRemote'];
  expect(Object.keys(schema.properties).sort()).toEqual(options.sort());
  for (const { description } of Object.values(schema.properties)) expect(description).toMatch(/\.$/);
});
