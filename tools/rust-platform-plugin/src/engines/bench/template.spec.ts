import { compileTemplate, withoutPlaceholders } from './template';

describe('compileTemplate', () => {
  it('fills in the counter and its remainder', () => {
    const template = compileTemplate('/{{n}}/{{ n % 3 }}/{{n%10}}');
    expect(template.constant).toBe(false);
    expect([0, 4, 13].map((n) => template.expand(n))).toEqual(['/0/0/0', '/4/1/4', '/13/1/3']);
  });

  it('gives every request its own uuid', () => {
    const template = compileTemplate('{{uuid}} {{uuid}}');
    const texts = template.expand(0).split(' ').concat(template.expand(1).split(' '));
    expect(new Set(texts).size).toBe(4);
    for (const text of texts)
      expect(text).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });

  it('leaves nested JSON braces alone', () => {
    const template = compileTemplate('{"a":{"n":{{n}},"b":{"c":1}}}');
    expect(template.expand(7)).toBe('{"a":{"n":7,"b":{"c":1}}}');
  });

  it('knows a text without placeholders', () => {
    expect(compileTemplate('/health').constant).toBe(true);
  });

  it.each(['{{m}}', '{{n % 0}}', '{{n % x}}', '{{}}', '{{host}}'])(
    'names the unknown placeholder %s',
    (text) => {
      const mistakes: string[] = [];
      compileTemplate(text, mistakes);
      expect(mistakes).toHaveLength(1);
      expect(mistakes[0]).toContain('unknown placeholder');
    },
  );
});

test('withoutPlaceholders keeps the rest', () => {
  expect(withoutPlaceholders('/a b/{{ n % 3 }}/c')).toBe('/a b//c');
});
