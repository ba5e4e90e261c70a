import { goesBefore, newTicket, parseTicket, withNumber } from './ticket';

const owner = { pid: 12, startTime: '76d1488e47724dfb.4026531836.4711' };
const ticket = (mode: 'shared' | 'exclusive', number: number) => withNumber(newTicket(mode, owner), number);

describe('tickets', () => {
  it('carry everything in their file name', () => {
    const choosing = newTicket('shared', owner);
    expect(parseTicket(choosing.fileName)).toEqual(choosing);
    const chosen = withNumber(choosing, 7);
    expect(chosen.fileName).toMatch(/^ticket-7-shared-12_/);
    expect(parseTicket(chosen.fileName)).toEqual(chosen);
  });

  it('are not seen in other files', () => {
    for (const name of ['ticket-x', 'readme', 'ticket-1-shared-12', '.ticket-1-shared-12_a_b.swp']) {
      expect(parseTicket(name)).toBeUndefined();
    }
  });

  it('have their turn by number, readers together', () => {
    expect(goesBefore(ticket('exclusive', 1), ticket('exclusive', 2))).toBe(true);
    expect(goesBefore(ticket('exclusive', 2), ticket('exclusive', 1))).toBe(false);
    expect(goesBefore(ticket('shared', 1), ticket('shared', 2))).toBe(false);
    expect(goesBefore(ticket('exclusive', 1), ticket('shared', 2))).toBe(true);
    expect(goesBefore(ticket('shared', 1), ticket('exclusive', 2))).toBe(true);
  });

  it('with equal numbers are ordered one way only', () => {
    const [left, right] = [ticket('exclusive', 3), ticket('exclusive', 3)];
    expect(goesBefore(left, right)).not.toBe(goesBefore(right, left));
  });
});
