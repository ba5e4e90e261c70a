import { parseStat } from './linux-facts';
import { parseSocketTable } from './linux-sockets';

// Recorded on Linux 6.18; only the command's name is changed in the second.
const CAT =
  '30196 (cat) R 30180 30180 19260 0 -1 4194304 103 0 0 0 0 0 0 0 20 0 1 0 136072 3133440 387 18446744073709551615 94337307496448 94337307516329 140737278366928 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 94337307532336 94337307533952 94338301050880 140737278372567 140737278372587 140737278372587 140737278373867 0\n';
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   107        0 9452 1 00000000cc858592 100 0 0 10 0
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 6541 1 000000002cf37be7 100 0 0 10 0
   2: 0100007F:0CEA 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000   107        0 9999 1 000000002cf37be7 100 0 0 10 0
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:0052 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 103 1 0000000000000000 100 0 0 10 0
`;

describe('parseStat', () => {
  it('reads parent, group, session and start', () => {
    expect(parseStat(CAT, 'boot.1')).toEqual({
      pid: 30196,
      ppid: 30180,
      group: 30180,
      session: 19260,
      startTime: 'boot.1.136072',
      zombie: false,
    });
  });

  it('is not misled by spaces and parentheses in a name', () => {
    const entry = parseStat(CAT.replace('(cat) R', '(a) S 1 (b) c) Z'), 'boot.1');
    expect(entry).toMatchObject({ pid: 30196, ppid: 30180, startTime: 'boot.1.136072', zombie: true });
  });

  it('is undefined for what is no stat line', () => {
    expect(parseStat('', 'boot.1')).toBeUndefined();
  });
});

describe('parseSocketTable', () => {
  it('keeps listening sockets with address, owner and inode', () => {
    expect(parseSocketTable(TCP)).toEqual([
      { port: 3306, address: '127.0.0.1', uid: 107, inode: '9452' },
      { port: 8080, address: '0.0.0.0', uid: 0, inode: '6541' },
    ]);
  });

  it('writes IPv6 addresses in their short form', () => {
    expect(parseSocketTable(TCP6).map(({ address }) => address)).toEqual(['::', '::1', '::ffff:127.0.0.1']);
  });
});
