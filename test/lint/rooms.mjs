/**
 * The rooms of src/, and who may import whom, as one lint rule.
 * host, cli → protocol ← engine, trainer → what is done with a model → gpt2 → autodiff → onnx; leaves know protocol alone.
 */
import path from 'node:path';

const leaves = ['tokenizer', 'data', 'models'];
const uses = ['scoring', 'decoding', 'chat', 'evaluation', 'training'];
const below = ['gpt2', 'autodiff', 'onnx', 'folders', ...leaves];

const leaf = { may: [], instead: 'It is a leaf: let the caller hand it what it needs.' };
const use = {
  may: [...uses, ...below],
  instead: 'It is used by the engine and the trainer, and does not know them: take what it needs as an argument.',
};

/** What a room may import beside itself and protocol, and what to do instead of anything else. */
export const rooms = {
  protocol: { may: [], instead: 'It crosses every border and imports nothing of ours: declare the type in protocol/.' },
  host: { may: [], instead: 'The extension host loads no model: ask the engine, through protocol/engine.ts.' },
  cli: {
    may: ['engine', 'trainer'],
    instead: "The command line asks the engine's service: put what is missing there.",
  },
  engine: { may: [...uses, ...below], instead: 'It does not know who asks: what crosses to it belongs in protocol/.' },
  trainer: { may: [...uses, ...below], instead: 'It talks through its run folder alone: see protocol/.' },
  scoring: use,
  decoding: use,
  chat: use,
  evaluation: use,
  training: use,
  gpt2: {
    may: ['autodiff', 'onnx', ...leaves],
    instead: 'The architecture does not know what is done with it: move the code up.',
  },
  autodiff: { may: ['onnx'], instead: 'It knows graphs and nothing of models: move the code up.' },
  onnx: { may: [], instead: 'It knows graphs and nothing of models: take what it needs as an argument.' },
  folders: {
    may: ['models'],
    instead: 'It keeps what outlives a process, and does not know what work it is: take that as an argument.',
  },
  tokenizer: leaf,
  data: leaf,
  models: leaf,
  'extension.ts': { may: ['host'], instead: 'It composes what host/ offers, and nothing else.' },
  'webview-ui': { may: [], instead: 'A panel is a function of its snapshot: put what crosses into protocol/panels/.' },
};

/** Packages that only one place may import. */
export const packages = {
  vscode: { where: /^src\/(host\/|extension\.ts$)/, instead: 'Only host/ imports vscode: move the code there.' },
  'onnxruntime-node': { where: /^src\/onnx\//, instead: 'Only onnx/ loads the runtime: use its sessions.' },
  '@vscode/webview-ui-toolkit': {
    where: /^webview-ui\/shared\/controls\.ts$/,
    instead: 'Take the control from webview-ui/shared/controls.ts, so that the toolkit can be replaced in one place.',
  },
};

const packageRooms = /^(src|webview-ui)\//;

/** The sentence for an import that must not be, or undefined. Paths are relative to the checkout, with slashes. */
export function refusal(importer, specifier) {
  if (!packageRooms.test(importer)) return undefined;
  const rule = packages[specifier];
  if (rule) return rule.where.test(importer) ? undefined : rule.instead;
  if (!specifier.startsWith('.')) return undefined;
  const from = roomOf(importer);
  const to = roomOf(path.posix.join(path.posix.dirname(importer), specifier));
  if (to === from || (to === 'protocol' && rooms[from])) return undefined;
  if (!rooms[from]) return `src/${from} is not among the rooms of test/lint/rooms.mjs: say there what it may import.`;
  return rooms[from].may.includes(to) ? undefined : `${from} must not import ${to}. ${rooms[from].instead}`;
}

function roomOf(file) {
  const [top, room] = file.split('/');
  return top === 'src' ? room : top;
}

const importDirections = {
  create(context) {
    const importer = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const check = node => {
      const source = node?.source;
      if (typeof source?.value !== 'string') return;
      const message = refusal(importer, source.value);
      if (message) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
      TSImportType: check,
    };
  },
};

export default { meta: { name: 'rooms' }, rules: { 'import-directions': importDirections } };
