import { PlatformError } from '../errors';
import { validateOptions } from './validate-options';

const schema = {
  properties: {
    mode: { type: 'string', enum: ['report', 'required'] },
    duration: { type: 'integer', minimum: 1, maximum: 15 },
    rate: { type: 'number' },
    steps: { type: 'array', items: { type: 'string' }, minItems: 1 },
    url: { type: 'string', pattern: '^https?://' },
    allowRemote: { type: 'boolean' },
  },
  required: ['steps'],
};

function mistakes(options: object): string[] {
  try {
    validateOptions('bench', options, schema);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PlatformError);
    expect(error).toMatchObject({ code: 'invalid-options', exitCode: 2 });
    return (error as PlatformError).why?.split('\n') ?? [];
  }
}

describe('validateOptions', () => {
  it('accepts what the schema allows, and an option that is not given', () => {
    expect(
      mistakes({
        steps: ['a'],
        mode: 'report',
        duration: 15,
        rate: 1.5,
        url: 'http://x',
        allowRemote: false,
      }),
    ).toEqual([]);
    expect(mistakes({ steps: ['a'], mode: undefined })).toEqual([]);
  });

  it.each([
    [{ steps: ['a'], duration: 1.5 }, 'duration: must be of type integer, not 1.5'],
    [{ steps: ['a'], duration: 0 }, 'duration: must be at least 1, not 0'],
    [{ steps: ['a'], duration: 16 }, 'duration: must be at most 15, not 16'],
    [{ steps: ['a'], rate: Number.NaN }, 'rate: must be of type number, not NaN'],
    [{ steps: ['a'], mode: 'strict' }, 'mode: must be one of report, required, not "strict"'],
    [{ steps: [] }, 'steps: needs at least 1 entries'],
    [{ steps: ['a', 2] }, 'steps[1]: must be of type string, not 2'],
    [{ steps: ['a'], url: 'ftp://x' }, 'url: "ftp://x" does not match ^https?://'],
    [{ steps: ['a'], toString: 1 }, 'toString: is not an option'],
    [{}, 'steps: is required'],
  ])('refuses %j', (options, message) => {
    expect(mistakes(options)).toEqual([message]);
  });

  it('lists all mistakes at once', () => {
    expect(mistakes({ mode: 1, durations: 3, allowRemote: 'yes' })).toHaveLength(4);
  });
});
