import { normalizeOptions } from './normalize-options';

describe('normalizeOptions', () => {
  it('takes a url or the running server', () => {
    expect(normalizeOptions({ url: 'http://127.0.0.1:1/' }, {})).toEqual({
      url: 'http://127.0.0.1:1',
      requestTimeoutMs: 10_000,
    });
    expect(normalizeOptions({ running: true, timeout: 2 }, {})).toEqual({
      url: undefined,
      requestTimeoutMs: 2000,
    });
  });

  it.each([{}, { running: false }, { running: true, url: 'http://127.0.0.1:1' }])('refuses %j', (options) => {
    expect(() => normalizeOptions(options, {})).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('refuses another machine, unless the chain allows it', () => {
    const options = { url: 'https://api.example.com' };
    expect(() => normalizeOptions(options, {})).toThrow(expect.objectContaining({ code: 'remote-refused' }));
    expect(normalizeOptions(options, { RUST_PLATFORM_ALLOW_REMOTE: 'true' }).url).toBe(
      'https://api.example.com',
    );
  });
});
