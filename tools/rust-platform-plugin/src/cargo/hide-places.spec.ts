import { hidePlaces } from './hide-places';

const hide = hidePlaces('/home/me/ws', { HOME: '/home/me', CARGO_HOME: '/home/me/.cargo' });

test.each([
  ['   Compiling app v0.1.0 (/home/me/ws/rust/app)', '   Compiling app v0.1.0 (rust/app)'],
  ['in /home/me/ws: 2 files', 'in .: 2 files'],
  ['in /home/me/ws.', 'in ..'],
  ['--> /home/me/ws/a.rs:1:2 and file:///home/me/ws/b', '--> a.rs:1:2 and file://b'],
  ['/home/me/.cargo/registry/src/x/lib.rs', '$CARGO_HOME/registry/src/x/lib.rs'],
  ['"/home/me/other"', '"~/other"'],
  ['/home/me/ws2/a /home/meyer /mnt/home/me/ws/a', '~/ws2/a /home/meyer /mnt/home/me/ws/a'],
  ['-L/home/me/ws/target -I=/home/me/ws:/home/me/ws/x', '-Ltarget -I=.:x'],
  ['nothing', 'nothing'],
])('%s', (text, hidden) => {
  expect(hide(text)).toBe(hidden);
});

test('a short folder does not eat other texts', () => {
  const hideShort = hidePlaces('/app', { HOME: '/', CARGO_HOME: '/usr/local/cargo' });
  expect(hideShort('GET /api/app/x /application /app/src/main.rs')).toBe(
    'GET /api/app/x /application src/main.rs',
  );
});
