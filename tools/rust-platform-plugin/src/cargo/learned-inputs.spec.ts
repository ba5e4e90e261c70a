import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../errors';
import { temporaryFolder } from '../testing/temporary-folder';
import { formatLearnedInputs, mergeLearned, parseLearnedInputs, readLearnedInputs } from './learned-inputs';

function refusal(text: string): string {
  try {
    parseLearnedInputs(text, 'rust-inputs.json');
  } catch (error) {
    if (error instanceof PlatformError) return `${error.code}: ${error.what}`;
  }
  return 'taken';
}

describe('parseLearnedInputs', () => {
  it('reads what the formatter writes, sorted and each entry once', () => {
    const inputs = {
      b: { files: ['z', 'a', 'a'], environment: ['X'], settles: [] },
      a: { files: [], environment: [], settles: ['one'] },
      empty: { files: [], environment: [], settles: [] },
    };
    const text = formatLearnedInputs(inputs);
    expect(parseLearnedInputs(text, 'x')).toEqual({
      a: inputs.a,
      b: { files: ['a', 'z'], environment: ['X'], settles: [] },
    });
    expect(Object.keys(JSON.parse(text).crates)).toEqual(['a', 'b']);
    expect(formatLearnedInputs(parseLearnedInputs(text, 'x'))).toBe(text);
  });

  it.each([
    ['', '1 is no JSON'],
    ['[]', '1 is no JSON object'],
    ['{"schemaVersion": 1,\n"crates": {},\n}', '3 is no JSON: PropertyNameExpected'],
    ['{"schemaVersion": 1,\n<<<<<<< HEAD\n"crates": {}}', '2 is no JSON'],
    ['{"crates": {}}', '1 has no schemaVersion'],
    ['{"schemaVersion": 2}', '1 has schemaVersion 2, this version reads 1'],
    ['{"schemaVersion": 1,\n\n"crate": {}}', '3 holds the unknown key crate'],
    ['{"schemaVersion": 1, "crates": []}', '1 holds something else where an object belongs'],
    ['{"schemaVersion": 1, "crates": {"a":\n{"file": []}}}', '2 holds the unknown key file'],
    ['{"schemaVersion": 1, "crates": {"a": {"files":\n"x"}}}', '2 holds something else where a list'],
    ['{"schemaVersion": 1, "crates": {"a": {"files": ["x",\n1]}}}', '2 holds something else where a text'],
    ['{"schemaVersion": 1, "crates": {"a": {},\n"a": {}}}', '2 holds a twice'],
    ['{"schemaVersion": 1, "crates": {"a": {"files": [""]}}}', '1 names "", which is no file'],
    [
      '{"schemaVersion": 1, "crates": {"a": {"environment": ["A=1"]}}}',
      '1 names "A=1", which is no variable',
    ],
  ])('refuses %j', (text, what) => {
    expect(refusal(text)).toContain(`learned-inputs-invalid: rust-inputs.json:${what}`);
  });
});

describe('readLearnedInputs', () => {
  it('is empty without the file, and an error when it is a folder', async () => {
    const folder = await temporaryFolder('learned');
    try {
      expect(readLearnedInputs(folder.path)).toEqual({});
      await writeFile(join(folder.path, 'rust-inputs.json'), '{"schemaVersion": 1, "crates": {"a": {}}}');
      expect(readLearnedInputs(folder.path)).toEqual({ a: { files: [], environment: [], settles: [] } });
      expect(() => readLearnedInputs('/dev/null')).toThrow('cannot be read');
    } finally {
      await folder.remove();
    }
  });
});

it('merges into a sorted union', () => {
  const a = { files: ['b'], environment: ['B'], settles: ['x'] };
  expect(mergeLearned(a, { files: ['a', 'b'], environment: [], settles: ['w'] })).toEqual({
    files: ['a', 'b'],
    environment: ['B'],
    settles: ['w', 'x'],
  });
});
