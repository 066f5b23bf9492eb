import * as vscode from 'vscode';
import type { EngineApi, ModelInfo, ModuleNode } from '../../protocol/engine.ts';
import { PRECISIONS, weightBytes } from '../../protocol/precision.ts';
import { bytes } from '../format.ts';

const SCHEME = 'lm-lab-model';

export const modelInfoUri = (id: string): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, path: `/${id}.yaml`, query: id });

/** Model info as read-only documents that fold by indentation. */
export function registerModelInfo(engine: EngineApi): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent({ query }) {
      const info = await engine.modelInfo({ model: query });
      return info.ok ? modelInfoText(info.value) : `# ${info.error.message}\n# ${info.error.remedy}\n`;
    },
  });
}

/**
 * A model as YAML, so that it folds and is coloured: what it is, its modules in the order of the forward pass, one a
 * line with its class and parameters, and config.json.
 */
export function modelInfoText({ entry, config, modules, warnings }: ModelInfo): string {
  const facts: Record<string, string | number> = {
    model: entry.id,
    architecture: entry.architecture,
    parameters: grouped(entry.parameters),
    context: `${grouped(entry.contextLength)} tokens`,
    weights: bytes(entry.bytes),
    precision: entry.precision ?? 'f32',
    memory: PRECISIONS.map(one => `${one} ${bytes(weightBytes(entry.parameters, one))}`).join(', '),
    folder: entry.folder,
    ...(entry.hubName && { hub: entry.hubName }),
  };
  return [
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
    ...warnings.map(warning => `# ${warning}`),
    '',
    `modules: # ${what(modules)} parameters`,
    ...modules.children.flatMap(child => moduleLines(child, '  ')),
    '',
    'config:',
    ...Object.entries(config).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    '',
  ].join('\n');
}

function moduleLines(node: ModuleNode, indent: string): string[] {
  const shape = node.shape ? ` [${node.shape.join(', ')}]` : '';
  return [
    `${indent}${node.name}:${shape} # ${what(node)}`,
    ...node.children.flatMap(child => moduleLines(child, `${indent}  `)),
  ];
}

/** `Conv1D · 442,368`, its parameters; of a parameter, `F16 · 442,368`, or `F16 · tied` where another one counts them. */
const what = ({ kind, dtype, parameters, shape }: ModuleNode): string =>
  `${shape ? dtype : kind} · ${shape && parameters === 0 ? 'tied' : grouped(parameters)}`;

const grouped = (value: number): string => value.toLocaleString('en');
