import { preferredPort } from '../../engines/deps/provider';
import { DEFAULT_OPTIONS } from '../../service-model/platform-options';

it('the engine takes the default ports of the plugin options for not set, so that the Compose file decides', () => {
  expect(preferredPort(DEFAULT_OPTIONS, 'postgres', 1)).toBe(1);
  expect(preferredPort(DEFAULT_OPTIONS, 'redis', 2)).toBe(2);
});
