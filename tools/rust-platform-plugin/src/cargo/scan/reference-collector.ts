import { CLIMBING, looksLikePath, pathsIn } from './path-texts';
import { mayBeVariable } from './reads-any-environment';
import { countsByName } from './own-files';
import type { FromVariable, MacroInclude, PathReference, SourceReferences } from './rust-references';

type NameList =
  | 'modules'
  | 'compileEnv'
  | 'runtimeEnv'
  | 'names'
  | 'unresolved'
  | 'texts'
  | 'words'
  | 'uncounted'
  | 'uncountedInTests';
type Flag = 'anyEnv' | 'climbs' | 'queries' | 'bakesPath' | 'namesManifestDirectory' | 'git' | 'cargoLints';

/** Collects what a source refers to, each once. */
export class ReferenceCollector {
  private readonly found: SourceReferences = {};
  private readonly seen = new Set<string>();

  add(list: NameList, value: string): void {
    if (this.isNew(`${list} ${value}`)) (this.found[list] ??= []).push(value);
  }

  set(flag: Flag): void {
    this.found[flag] = true;
  }

  path(reference: PathReference): void {
    if (this.isNew(JSON.stringify(reference))) (this.found.paths ??= []).push(reference);
  }

  include(include: MacroInclude): void {
    if (this.isNew(JSON.stringify(include))) (this.found.includes ??= []).push(include);
  }

  fromVariable(reference: FromVariable): void {
    this.add('compileEnv', reference.name);
    if (this.isNew(JSON.stringify(reference))) (this.found.fromVariables ??= []).push(reference);
  }

  call(macro: string, texts: string[]): void {
    if (this.isNew(`call ${macro} ${JSON.stringify(texts)}`))
      ((this.found.calls ??= {})[macro] ??= []).push(texts);
  }

  /** `isRead`: given to something that takes a path. `inTests`: only tests compile it. */
  text(value: string, inTests: boolean, isRead: boolean): void {
    this.place(value, inTests, isRead);
    const [, directive, argument = ''] = /^cargo::?rerun-if-(changed|env-changed)=(.*)$/s.exec(value) ?? [];
    if (directive === 'env-changed' && !argument.includes('{')) this.add('compileEnv', argument);
    else if (directive === 'changed' && !argument.includes('{'))
      this.path({ base: 'manifest', path: argument, required: false });
    else if (mayBeVariable(value)) this.add('names', value);
    else if (CLIMBING.test(value)) this.climbing(argument === '' ? value : argument);
    else if (looksLikePath(value)) this.add('texts', value);
  }

  /** Given to a macro or an attribute of unknown meaning, which may read or ask what it is given while it compiles. */
  given(value: string): void {
    if (mayBeVariable(value)) this.add('compileEnv', value);
    else if (looksLikePath(value) && countsByName(value, true)) this.add('uncounted', value);
  }

  private place(value: string, inTests: boolean, isRead: boolean): void {
    if (isRead && /^[\w-]+$/.test(value)) this.add('words', value);
    const [path = ''] = value.includes('{') ? pathsIn(value) : [value];
    const isPath = looksLikePath(path) || (isRead && path !== '' && !/\s/.test(path));
    if (isPath && !CLIMBING.test(path) && countsByName(path, false))
      this.add(inTests ? 'uncountedInTests' : 'uncounted', path);
  }

  private climbing(value: string): void {
    this.set('climbs');
    for (const path of pathsIn(value).filter((part) => CLIMBING.test(part))) {
      this.path({ base: 'file', path, required: false });
      this.path({ base: 'manifest', path, required: false });
    }
  }

  result(): SourceReferences {
    const { names, compileEnv = [], runtimeEnv = [] } = this.found;
    const others = names?.filter((name) => !compileEnv.includes(name) && !runtimeEnv.includes(name)) ?? [];
    if (others.length > 0) this.found.names = others;
    else delete this.found.names;
    return this.found;
  }

  private isNew(key: string): boolean {
    return !this.seen.has(key) && this.seen.add(key) !== undefined;
  }
}
