const path = require('node:path');

/**
 * The data flow as a lint error: which folder of `src` may import which, and who may import which package.
 * ARCHITECTURE.md explains the picture; this table is the rule.
 */
const MAY_IMPORT = {
  process: [],
  results: [],
  cargo: ['process'],
  'service-model': ['cargo'],
  plugin: ['service-model', 'cargo', 'results'],
  engines: ['process'],
  executors: ['engines', 'service-model', 'cargo', 'results'],
  cli: ['engines', 'service-model', 'cargo', 'process', 'results'],
  'index.ts': ['plugin'],
};

const PACKAGE_OWNERS = [
  { pattern: /^(node:)?child_process$|^execa$/, folders: ['process', 'testing'] },
  { pattern: /^@nx\/devkit(\/|$)|^nx(\/|$)/, folders: ['plugin', 'executors', 'index.ts'] },
];

module.exports = {
  MAY_IMPORT,
  meta: {
    type: 'problem',
    docs: {
      description:
        'Imports follow the data flow: process → cargo → service-model → plugin → executors → engines.',
    },
    schema: [{ type: 'object', properties: { root: { type: 'string' } }, additionalProperties: false }],
    messages: {
      direction: "'{{from}}' may not import '{{to}}': it may import {{allowed}}.",
      package: "'{{from}}' may not import '{{specifier}}': only {{owners}} may.",
      testing: "'testing' is for specs only.",
      unknown:
        "'{{from}}' is no folder of the data flow: add it to lint/import-direction.cjs and ARCHITECTURE.md.",
    },
  },
  create(context) {
    const root = context.options[0]?.root ?? path.join(__dirname, '..', 'src');
    const file = context.filename;
    const from = folderOf(root, file);
    if (from === undefined || from === 'errors.ts') return {};
    const isTest = /\.spec\.ts$/.test(file) || from === 'testing';

    function check(node, specifier) {
      if (typeof specifier !== 'string') return;
      const message = specifier.startsWith('.')
        ? judgePath(root, from, isTest, path.resolve(path.dirname(file), specifier))
        : judgePackage(from, isTest, specifier);
      if (message) context.report({ node, ...message });
    }

    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => node.source && check(node, node.source.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ImportExpression: (node) => check(node, node.source.value),
      TSImportType: (node) => check(node, node.argument?.literal?.value ?? node.source?.value),
      CallExpression(node) {
        const name = node.callee.type === 'Identifier' ? node.callee.name : node.callee.property?.name;
        if (name === 'require' || name === 'resolve') check(node, node.arguments[0]?.value);
      },
    };
  },
};

/** The first path segment below `src`, or undefined outside it. */
function folderOf(root, file) {
  const relative = path.relative(root, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep)[0];
}

function judgePath(root, from, isTest, target) {
  const to = folderOf(root, target);
  if (to === undefined || to === from || to === 'errors' || to === 'errors.ts') return undefined;
  if (to === 'testing') return isTest ? undefined : { messageId: 'testing' };
  if (from === 'testing') return undefined;
  const allowed = MAY_IMPORT[from];
  if (!allowed) return { messageId: 'unknown', data: { from } };
  if (allowed.includes(to)) return undefined;
  return { messageId: 'direction', data: { from, to, allowed: allowed.join(', ') || 'nothing' } };
}

function judgePackage(from, isTest, specifier) {
  const rule = PACKAGE_OWNERS.find(({ pattern }) => pattern.test(specifier));
  if (!rule || rule.folders.includes(from) || isTest) return undefined;
  return { messageId: 'package', data: { from, specifier, owners: rule.folders.join(', ') } };
}
