import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { acquireLock, type LockMode } from '../engines/locks/acquire-lock';

/**
 * A process for tests of locks: node … <folder> <mode> <log> <id> <holdMs> [<rounds>]. It logs `enter <id>` and `leave <id>`;
 * the mode `mixed` is shared in every third round.
 */
async function main(): Promise<void> {
  const [folder = '', mode = '', log = '', id = '', holdMs = '0', rounds = '1'] = process.argv.slice(2);
  for (let round = 1; round <= Number(rounds); round += 1) {
    const lock = await acquireLock({
      name: 'contended',
      mode: mode === 'mixed' ? modeOf(round) : (mode as LockMode),
      purpose: `contender ${id}`,
      folder,
      onWait: (holders) => console.log(`waits for ${holders.map(({ purpose }) => purpose).join(', ')}`),
    });
    const what = mode === 'mixed' ? `${modeOf(round)} ${id}` : id;
    appendFileSync(log, `enter ${what}\n`);
    console.log('has it');
    await delay(Number(holdMs));
    appendFileSync(log, `leave ${what}\n`);
    await lock.release();
    await delay(Math.random() * 5);
  }
}

const modeOf = (round: number): LockMode => (round % 3 === 0 ? 'shared' : 'exclusive');

void main();
