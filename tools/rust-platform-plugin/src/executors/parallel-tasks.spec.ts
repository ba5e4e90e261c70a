import type { ExecutorContext } from '@nx/devkit';
import { setImmediate as turn } from 'node:timers/promises';
import { parallelTasks, turns } from './parallel-tasks';

it.each([
  [{}, undefined, 3],
  [{}, 5, 5],
  [{ NX_PARALLEL: '2' }, 5, 2],
  [{ RUST_PLATFORM_PARALLEL: '1', NX_PARALLEL: '2' }, 5, 1],
  [{ NX_PARALLEL: 'many' }, undefined, 3],
])('runs as many tests at once as Nx would: %j, nx.json %j', (env, parallel, expected) => {
  const context = { nxJsonConfiguration: { parallel } } as ExecutorContext;
  expect(parallelTasks(context, env)).toBe(expected);
});

it('lets some work at once and the others wait, whatever becomes of them', async () => {
  const inTurn = turns(2);
  const began: number[] = [];
  const ends: Array<() => void> = [];
  const works = [0, 1, 2, 3].map((index) =>
    inTurn(async () => {
      began.push(index);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (index === 0) throw new Error('first');
      return index;
    }),
  );
  const settled = Promise.allSettled(works);
  await turn();
  expect(began).toEqual([0, 1]);
  ends[0]?.();
  await turn();
  expect(began).toEqual([0, 1, 2]);
  ends[1]?.();
  ends[2]?.();
  await turn();
  ends[3]?.();
  expect((await settled).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ]);
});
