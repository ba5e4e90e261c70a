import { Meeting } from './meeting';

it('is held once, when everybody has come or left', () => {
  const held: string[][] = [];
  const hold = (requests: string[]): number => held.push(requests);
  const meeting = new Meeting(3);
  const [a, b, c] = [meeting.seat(), meeting.seat(), meeting.seat()];
  a.attend('a', hold);
  c.leave();
  expect(held).toEqual([]);
  b.attend('b', hold);
  expect(held).toEqual([['a', 'b']]);
  a.leave();
  c.leave();
  expect(held).toHaveLength(1);
});

it('is held when the last one leaves', () => {
  const held: string[][] = [];
  const meeting = new Meeting(2);
  meeting.seat().attend('a', (requests: string[]) => held.push(requests));
  meeting.seat().leave();
  expect(held).toEqual([['a']]);
});

it('does not take place without anybody', () => {
  const meeting = new Meeting(1);
  expect(() => meeting.seat().leave()).not.toThrow();
});

it('is over for whoever comes again', () => {
  const held: string[][] = [];
  const hold = (requests: string[]): number => held.push(requests);
  const meeting = new Meeting(2);
  const [a, b] = [meeting.seat(), meeting.seat()];
  a.attend('a', hold);
  a.attend('again', hold);
  expect(held).toEqual([['again']]);
  b.attend('b', hold);
  expect(held).toEqual([['again'], ['a', 'b']]);
});
