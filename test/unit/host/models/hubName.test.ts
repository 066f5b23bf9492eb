import { expect, test } from 'vitest';
import { hubNameProblem } from '../../../../src/host/models/hubName.ts';

test.each([
  'openai-community/gpt2',
  'a/b',
  'stanford-crfm/alias-gpt2-small-x21@checkpoint-400000',
  'owner/name:folder/inside',
  'owner/name@refs/pr/1:onnx',
  'owner/some_model.v2',
])('%s is a name', name => expect(hubNameProblem(name)).toBeUndefined());

test.each([
  ['gpt2', /owner\/name/],
  ['a/b/c', /owner\/name/],
  ['/b', /owner\/name/],
  ['a/..', /not a name/],
  ['a/b--c', /not a name/],
  ['a b/c', /not a name/],
  ['-a/b', /not a name/],
  ['a/b@', /branch/],
  ['a/b@x y', /branch/],
  ['a/b:', /folder/],
  ['a/b:../up', /folder/],
  ['a/b:c\\d', /folder/],
])('%s is none', (name, problem) => expect(hubNameProblem(name)).toMatch(problem));
