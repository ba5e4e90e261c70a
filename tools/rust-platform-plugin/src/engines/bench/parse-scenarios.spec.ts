import { PlatformError } from '../../errors';
import { parseScenarios } from './parse-scenarios';
import { healthPlan, isExpected } from './scenarios';

const FILE = 'services/shortener/bench/scenarios.toml';

function mistakesOf(text: string): string[] {
  try {
    parseScenarios(text, FILE);
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'invalid-scenarios') {
      expect(error.exitCode).toBe(2);
      return (error.why ?? '').split('\n').map((line) => line.replace(`${FILE}:`, ''));
    }
    throw error;
  }
  throw new Error('nothing was wrong');
}

describe('parseScenarios', () => {
  it('reads setup and scenarios', () => {
    const plan = parseScenarios(
      `
[[setup]]
name = "links"
method = "POST"
path = "/links"
headers = { content-type = "application/json" }
body = '{"alias":"bench-{{n}}"}'
repeat = 100
expect = 201

[[scenario]]
name = "redirect"
weight = 9
path = "/bench-{{n % 100}}"
expect = [302, 307]

[[scenario]]
name = "create"
method = "POST"
path = "/links"
body = """
{ "alias": "new-{{uuid}}" }
"""
  [scenario.headers]
  content-type = "application/json"
`,
      FILE,
    );
    expect(plan).toEqual({
      source: 'file',
      setup: [expect.objectContaining({ name: 'links', method: 'POST', repeat: 100, expect: [201] })],
      scenarios: [
        expect.objectContaining({
          name: 'redirect',
          method: 'GET',
          weight: 9,
          expect: [302, 307],
          headers: {},
        }),
        expect.objectContaining({
          name: 'create',
          weight: 1,
          expect: undefined,
          body: '{ "alias": "new-{{uuid}}" }\n',
          headers: { 'content-type': 'application/json' },
        }),
      ],
    });
  });

  it('names every mistake with its line, all at once', () => {
    const mistakes = mistakesOf(`title = "x"

[[setup]]
path = "links"
repeat = 0

[[scenario]]
name = "a"
weight = 1.5
path = "/a b"
colour = "red"

[[scenario]]
name = "a"
method = "BREW"
path = "/{{m}}"
headers = { "x y" = "1", content-length = "3", ok = 5 }
body = 3
expect = [99]
`);
    expect(mistakes).toEqual([
      "1: unknown key 'title': there may be [[setup]] and [[scenario]]",
      "5: 'repeat' must be a whole number from 1 to 100000",
      '3: [[setup]] has no name',
      "4: 'path' must start with '/', not \"links\"",
      "11: unknown key 'colour' in [[scenario]]: it may be name, method, path, headers, body, expect, weight",
      "9: 'weight' must be a whole number from 1 to 1000",
      "10: 'path' may hold no spaces: write %20",
      '15: \'method\' must be one of GET, POST, PUT, PATCH, DELETE, OPTIONS, not "BREW"',
      '16: unknown placeholder {{m}}: it may be {{n}}, {{n % 100}} or {{uuid}}',
      "17: 'x y' is no header name",
      "17: the header 'content-length' is set by the load generator",
      "17: the header 'ok' must be a text on one line",
      '18: \'body\' must be a text, e.g. \'{"name":"{{n}}"}\'',
      "19: 'expect' must be a status or a list of them from 200 to 599, e.g. 201 or [200, 307]",
      "14: the name 'a' is used twice",
    ]);
  });

  it('is not confused by tables and keys inside a multi-line text', () => {
    const mistakes = mistakesOf(`[[scenario]]
name = "a"
path = "/"
body = '''
[[scenario]]
weight = 3
'''
weight = "x"
`);
    expect(mistakes).toEqual(["8: 'weight' must be a whole number from 1 to 1000"]);
  });

  it('gives the line of a syntax error', () => {
    const mistakes = mistakesOf('[[scenario]]\nname = "a\npath = "/"\n');
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(/^[23]: no valid TOML: /);
  });

  it.each([
    ['', '1: there is no [[scenario]]'],
    ['# nothing\n', '1: there is no [[scenario]]'],
    ['\nscenario = 3\n', "2: 'scenario' must be tables of the form [[scenario]]"],
    ['[scenario]\nname = "a"\n', "1: 'scenario' must be tables of the form [[scenario]]"],
  ])('refuses %j', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
  });
});

test('isExpected: 2xx by default, else exactly what was named', () => {
  expect([199, 200, 204, 299, 300].map((status) => isExpected(status, undefined))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  expect([200, 307].map((status) => isExpected(status, [307]))).toEqual([false, true]);
});

test('healthPlan is marked as such', () => {
  expect(healthPlan('/health')).toMatchObject({
    source: 'health',
    setup: [],
    scenarios: [{ path: '/health' }],
  });
});
