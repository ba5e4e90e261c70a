/**
 * Variables in Compose files: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`, `${NAME:?error}`, `${NAME:+other}`
 * and `$$` for a dollar. Unset ones are empty, as in Compose.
 */
export function interpolate(text: string, env: Record<string, string | undefined>): string {
  return text.replace(
    /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)([-?+])((?:[^{}]|\$\{[^{}]*\})*))?\})/g,
    (_, dollar: string, plain: string, name: string, colon: string, operator: string, word = '') => {
      if (dollar) return '$';
      const value = env[plain ?? name];
      const set = value !== undefined && !(colon === ':' && value === '');
      if (operator === '-') return set ? (value ?? '') : interpolate(word as string, env);
      if (operator === '+') return set ? interpolate(word as string, env) : '';
      return value ?? '';
    },
  );
}
