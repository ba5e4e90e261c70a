import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import importDirection from './tools/rust-platform-plugin/lint/import-direction.cjs';

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '**/target/**',
      '.nx/**',
      '.rust-platform/**',
      'reports/**',
      'logs/**',
      'coverage/**',
      '**/lint/fixture-cycle/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    languageOptions: {
      parserOptions: { ecmaVersion: 2023 },
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
      },
    },
    plugins: { 'import-x': importX, platform: { rules: { 'import-direction': importDirection } } },
    // Without these settings no-cycle reports nothing at all on .ts files and looks green; lint/no-cycle.spec.ts holds it to a fixture.
    settings: {
      'import-x/extensions': ['.ts', '.js', '.mjs', '.cjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver': { node: { extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] } },
    },
    rules: {
      'platform/import-direction': 'error',
      'import-x/no-cycle': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      'no-console': 'error',
    },
  },
  {
    files: [
      '**/src/executors/**',
      '**/src/cli/**',
      '**/src/plugin/**',
      '**/*.mjs',
      '**/*.cjs',
      'bench/**',
      '**/e2e/**',
      '**/testing/**',
      '**/*.spec.ts',
    ],
    rules: { 'no-console': 'off' },
  },
);
