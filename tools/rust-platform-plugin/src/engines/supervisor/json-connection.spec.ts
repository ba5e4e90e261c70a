import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { JsonConnection } from './json-connection';

interface Message {
  type: string;
  value?: number;
}

function connection(): { socket: Duplex; json: JsonConnection<Message, Message>; written: string[] } {
  const written: string[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  return { socket, json: new JsonConnection(socket as unknown as Socket), written };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('JsonConnection', () => {
  it('keeps what follows an awaited message in the same chunk', async () => {
    const { socket, json } = connection();
    socket.push('{"type":"noise"}\n{"type":"started"}\n{"type":"lines","value":1}\n{"type":"li');
    expect(await json.next('started', 'refused')).toEqual({ type: 'started' });
    socket.push('nes","value":2}\n');
    await settled();
    const seen: Message[] = [];
    json.listen((message) => seen.push(message));
    expect(seen).toEqual([
      { type: 'lines', value: 1 },
      { type: 'lines', value: 2 },
    ]);
  });

  it('answers undefined when the other side ends first, and sends no more', async () => {
    const { socket, json, written } = connection();
    json.send({ type: 'hello' });
    const next = json.next('welcome');
    socket.destroy();
    expect(await next).toBeUndefined();
    json.send({ type: 'late' });
    expect(written).toEqual(['{"type":"hello"}\n']);
  });

  it('ends with somebody who does not speak JSON', async () => {
    const { socket, json } = connection();
    socket.push('GET / HTTP/1.1\n');
    await json.closed;
    expect(json.isOpen).toBe(false);
  });
});
