import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { RunRequest } from './spec.ts';

/** A model is named by its folder where it starts with . / ~ or a drive letter (or a backslash, for a share on Windows). */
export const namesFolder = (model: string): boolean => /^([./~\\]|[A-Za-z]:[\\/])/.test(model);

/** The request with each of its paths replaced: files, and models that are named by a folder. */
export function withPaths<Request extends RunRequest>(request: Request, replaced: (path: string) => string): Request {
  const model = (name: string): string => modelWithPath(name, replaced);
  const { dpo, ppo, torch } = request;
  const python = (path: string): string => (/[\\/]/.test(path) ? replaced(path) : path); // a bare name is a command
  return {
    ...request,
    model: model(request.model),
    dataset: datasetWithPaths(request.dataset, replaced),
    ...(dpo && { dpo: withField(dpo, 'reference', model) }),
    ...(ppo && { ppo: withField(ppo, 'rewardModel', model) }),
    ...(torch && { torch: withField(withField(torch, 'python', python), 'accelerateConfig', replaced) }),
  };
}

/** With a text changed, where it is there: a field that is missing stays so. */
function withField<Section extends Partial<Record<Name, string | null>>, Name extends string>(
  section: Section,
  name: Name,
  changed: (text: string) => string,
): Section {
  const text = section[name];
  return text ? { ...section, [name]: changed(text) } : section;
}

/** A model's name, with its path replaced where it is a folder. */
export const modelWithPath = (name: string, replaced: (path: string) => string): string =>
  namesFolder(name) ? replaced(name) : name;

/** The dataset of a request with each of its files replaced. */
export function datasetWithPaths<Dataset extends RunRequest['dataset']>(
  dataset: Dataset,
  replaced: (path: string) => string,
): Dataset {
  const split = dataset.split && 'files' in dataset.split ? dataset.split.files : undefined;
  return {
    ...dataset,
    file: replaced(dataset.file),
    ...(split && {
      split: { files: Object.fromEntries(Object.entries(split).map(([part, file]) => [part, replaced(file)])) },
    }),
  };
}

/** A path that stood in a file of `from` as it reads in a file of `to`. `~` and absolute paths stay as they are. */
export function moved(path: string, from: string, to: string): string {
  if (isAbsolute(path) || path.startsWith('~')) return path;
  return written(relative(to, resolve(from, path)));
}

/** An absolute path inside `home` as it reads in a file of `to`; so a project can be moved as a whole. Others stay. */
export function relativeWithin(path: string, home: string, to: string): string {
  if (!isAbsolute(path) || !resolve(path).startsWith(join(resolve(home), sep))) return path;
  return written(relative(to, path));
}

/** With slashes, as every system reads them, and so that a model's path is told from an id. */
function written(path: string): string {
  const slashes = path.split(sep).join('/');
  return isAbsolute(path) || slashes.startsWith('.') ? slashes : `./${slashes}`;
}
