/** Folders of a root package that can hold input of its build or tests; the rest of the repository is not its own. */
export const ROOT_PACKAGE_FOLDERS = [
  'src',
  'tests',
  'benches',
  'examples',
  'migrations',
  '.sqlx',
  'assets',
  'fixtures',
  'locales',
  'proto',
  'queries',
  'resources',
  'sql',
  'static',
  'templates',
  'testdata',
];
