import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import type { Patch } from '../compile-plugin';

/** A whole group (`lock`), a kind (`lock: build`), or LOCK_EDGES. */
export type Removal = string;

/** No ingredient by itself: what the hash of a locked package is made of. */
export const LOCK_EDGES = 'edges of the lock';

/**
 * The plugin without some ingredients, and without the file sets of its inputs: Nx hashes most files as well, so that only
 * `affected` would notice a key that forgets them. Nothing in the product knows of this: it is done to a copy.
 */
export function removalPatch(removals: readonly Removal[]): Patch {
  return (file, compiled) => {
    if (file === 'index.ts') return `${compiled}\n${WITHOUT_FILE_SETS}`;
    if (removals.length === 0) return compiled;
    if (file === 'plugin/task-keys/key-parts.ts') return `${compiled}\n${withoutIngredients(removals)}`;
    if (file === 'cargo/lock/hash-node.ts' && removals.includes(LOCK_EDGES))
      return `${compiled}\n${WITHOUT_EDGES}`;
    return compiled;
  };
}

/** The first element of `createNodes[1]`'s answers holds the projects. */
const WITHOUT_FILE_SETS = `
{
  const [, infer] = createNodes;
  const isFiles = (input) => (typeof input === 'string' ? /[{/]/.test(input) : 'input' in input || 'fileset' in input);
  const isOther = (input) => !isFiles(input);
  createNodes[1] = async (...args) => {
    const results = await infer(...args);
    for (const [, { projects }] of results)
      for (const { targets = {}, namedInputs = {} } of Object.values(projects)) {
        for (const target of Object.values(targets))
          if (target.inputs) target.inputs = target.inputs.filter(isOther);
        for (const name of Object.keys(namedInputs)) namedInputs[name] = namedInputs[name].filter(isOther);
      }
    return results;
  };
}
`;

const WITHOUT_EDGES = `
{
  const whole = hashNode;
  hashNode = (own) => whole(own, []);
}
`;

function withoutIngredients(removals: readonly Removal[]): string {
  return `
{
  const { kindOf } = (() => { const exports = {}; ${kindsModule()}; return exports; })();
  const removed = ${JSON.stringify(removals)};
  const isRemoved = (one) => removed.includes(one.group) || removed.includes(kindOf(one));
  // Before a part is made: one that is empty is in no key, so that an ingredient that appears is not noticed either.
  const { made } = KeyParts.prototype;
  KeyParts.prototype.made = function (name, ingredients) {
    return made.call(this, name, ingredients.filter((one) => !isRemoved(one)));
  };
}
`;
}

/** The same words here and in the copy. */
function kindsModule(): string {
  const file = join(__dirname, 'ingredient-kinds.ts');
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  return code;
}
