import * as vscode from 'vscode';
import type { EngineApi, ModelInfo, ModuleNode } from '../../protocol/engine.ts';
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

/** A model as text: what it is, config.json, and its modules, one a line, in the order of the forward pass. */
export function modelInfoText({ entry, config, modules, warnings }: ModelInfo): string {
  const facts: Record<string, string | number> = {
    model: entry.id,
    architecture: entry.architecture,
    parameters: grouped(entry.parameters),
    context: `${grouped(entry.contextLength)} tokens`,
    weights: bytes(entry.bytes),
    folder: entry.folder,
    ...(entry.hubName && { hub: entry.hubName }),
  };
  return [
    ...Object.entries(facts).map(([name, value]) => `${name}: ${value}`),
    ...warnings.map(warning => `# ${warning}`),
    '',
    'config:',
    ...Object.entries(config).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`),
    '',
    'modules:',
    ...moduleLines(modules, '  '),
    '',
  ].join('\n');
}

function moduleLines(node: ModuleNode, indent: string): string[] {
  const { name, kind, parameters, shape, dtype, children } = node;
  const what = shape ? `[${shape.join(', ')}] ${dtype ?? ''}`.trimEnd() : kind;
  const line = `${`${indent}${name || 'model'}: ${what}`.padEnd(56)} # ${grouped(parameters)}`;
  return [line, ...children.flatMap(child => moduleLines(child, `${indent}  `))];
}

const grouped = (value: number): string => value.toLocaleString('en');
