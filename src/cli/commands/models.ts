import type { Command } from 'commander';
import type { ModelEntry, ModelInfo, ModuleNode } from '../../protocol/engine.ts';
import { placementText } from '../../protocol/placement.ts';
import { PRECISIONS, weightBytes } from '../../protocol/precision.ts';
import { valueOf } from '../../protocol/result.ts';
import {
  type DeviceOptions,
  deviceOption,
  jsonOption,
  type JsonOption,
  modelChoice,
  precisionOption,
} from '../options.ts';
import { print, table } from '../output.ts';
import { withEngine } from '../session.ts';

export function models(program: Command): void {
  const command = program.command('models').description('the models that can be used by their id');
  command
    .command('list', { isDefault: true })
    .description('every model; * marks the active one')
    .addOption(jsonOption())
    .action(async (options: JsonOption) => {
      await printEntries(await withEngine(engine => valueOf(engine.listModels({}))), options);
    });
  command
    .command('add <source>')
    .description('import a folder, or download owner/name[@revision][:subfolder] from the hub')
    .option('--activate', 'make it the active model')
    .addOption(jsonOption())
    .action(async (source: string, options: JsonOption & { readonly activate?: boolean }) => {
      const request = { source, activate: options.activate ?? false };
      const entry = await withEngine((engine, call) => valueOf(engine.addModel(request, call)));
      await printEntries([entry], options);
    });
  command
    .command('remove <id>')
    .description('take a model off the list; the folder of an import is never touched')
    .option('--delete-download', 'delete the files of a download as well')
    .addOption(jsonOption())
    .action(async (id: string, options: JsonOption & { readonly deleteDownload?: boolean }) => {
      const request = { id, deleteDownload: options.deleteDownload ?? false };
      await printEntries(await withEngine((engine, call) => valueOf(engine.removeModel(request, call))), options);
    });
  command
    .command('info [model]')
    .description('a model’s modules, with shapes and parameter counts')
    .addOption(jsonOption())
    .action(async (model: string | undefined, options: JsonOption) => {
      const info = await withEngine((engine, call) => valueOf(engine.modelInfo({ model: model ?? 'active' }, call)));
      const { entry, ...rest } = info;
      await print({ json: { models: [{ ...entry, ...rest }] }, text: () => describeInfo(info) }, options);
    });
  command
    .command('device [model]')
    .description('where a model runs: which provider of the runtime runs each node, and the memory of a device')
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (model: string | undefined, options: JsonOption & DeviceOptions) => {
      const request = modelChoice({ model: model ?? 'active', ...options });
      const placement = await withEngine((engine, call) => valueOf(engine.placement(request, call)));
      await print({ json: placement, text: () => placementText(placement).trimEnd() }, options);
    });
}

const printEntries = (entries: readonly ModelEntry[], options: JsonOption): Promise<void> =>
  print({ json: { models: entries }, text: () => describeEntries(entries) }, options);

function describeEntries(entries: readonly ModelEntry[]): string {
  const rows = entries.map(({ active, id, parameters, contextLength, bytes, architecture, problem, folder }) => [
    active ? '*' : '',
    id,
    `${(parameters / 1e6).toFixed(1)} M`,
    `${contextLength}`,
    `${(bytes / 1e6).toFixed(0)} MB`,
    architecture,
    problem ? problem.message : folder,
  ]);
  const headings = ['', 'id', 'parameters', 'context', 'size', 'architecture', 'folder'];
  return table(headings, rows, ['left', 'left', 'right', 'right', 'right', 'left', 'left']);
}

const describeInfo = ({ entry, modules, warnings }: ModelInfo): string =>
  [
    describeEntries([entry]),
    '',
    memoryLine(entry),
    '',
    ...moduleLines(modules, 0),
    ...warnings.map(warning => `\n${warning}`),
  ].join('\n');

/** What the weights take in memory, by what they are kept in. */
function memoryLine({ parameters, precision = 'f32' }: ModelEntry): string {
  const megabytes = PRECISIONS.map(one => `${one} ${(weightBytes(parameters, one) / 1e6).toFixed(0)} MB`).join(', ');
  return `loaded in ${precision}; memory of the weights: ${megabytes}`;
}

function moduleLines({ name, kind, parameters, shape, dtype, children }: ModuleNode, depth: number): string[] {
  const detail = shape
    ? `[${shape.join(', ')}] ${dtype ?? ''}`
    : `${kind}, ${parameters.toLocaleString('en')} parameters`;
  const line = '  '.repeat(depth) + [name, detail].filter(Boolean).join(' ').trimEnd();
  return [line, ...children.flatMap(child => moduleLines(child, depth + 1))];
}
