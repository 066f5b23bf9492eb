import { type Command, Option } from 'commander';
import type { ScoredText, ScoreRequest } from '../../protocol/engine.ts';
import { visibleText } from '../../protocol/heat.ts';
import { valueOf } from '../../protocol/result.ts';
import { loadWithNote } from '../classifierNote.ts';
import { readText, type TextSource, textsToScore } from '../input.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelChoice,
  modelOption,
  type ModelOption,
  precisionOption,
  textOption,
  topOption,
} from '../options.ts';
import { figure, percent, print, table } from '../output.ts';
import { withEngine } from '../session.ts';

interface Options extends JsonOption, ModelOption, DeviceOptions, TextSource {
  readonly perLine?: boolean;
  readonly firstToken: ScoreRequest['firstToken'];
  readonly top: number;
}

export function score(program: Command): void {
  program
    .command('score')
    .description('perplexity of a text, and probability, rank, surprisal and entropy of each of its tokens')
    .addOption(textOption())
    .option('--file <file>', 'a UTF-8 text file')
    .option('--per-line', 'score each line by itself; blank lines are skipped')
    .addOption(
      new Option('--first-token <how>', 'the first token has no score, or <|endoftext|> stands before it')
        .choices(['unscored', 'endoftext'])
        .default('unscored'),
    )
    .addOption(topOption(0))
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const { firstToken, top } = options;
      const { texts } = await withEngine(async (engine, call) => {
        const texts = textsToScore(await readText(options, call.signal), options.perLine ?? false);
        await loadWithNote(engine, modelChoice(options), call);
        return valueOf(engine.score({ ...modelChoice(options), firstToken, top, texts }, call));
      });
      if (texts.every(({ scoredTokens }) => scoredTokens === 0)) console.error(NOTHING_SCORED);
      await print({ json: { results: texts }, text: () => describe(texts) }, options);
    });
}

const NOTHING_SCORED =
  'Nothing was scored: a single token has no context. With --first-token endoftext the first token is scored as well.';

const describe = (texts: readonly ScoredText[]): string =>
  texts.length === 1 && texts[0] ? describeTokens(texts[0]) : describeTexts(texts);

function describeTexts(texts: readonly ScoredText[]): string {
  const rows = texts.map(({ perplexity, bitsPerByte, scoredTokens, text }) => [
    figure(perplexity),
    figure(bitsPerByte),
    `${scoredTokens}`,
    visibleText(text),
  ]);
  return table(['perplexity', 'bits per byte', 'scored', 'text'], rows, ['right', 'right', 'right', 'left']);
}

function describeTokens({ perplexity, bitsPerByte, scoredTokens, tokens }: ScoredText): string {
  const rows = tokens.map(({ id, text, probability, rank, surprisal, entropy, top = [] }) => [
    probability === null ? '–' : percent(probability),
    `${rank ?? '–'}`,
    figure(surprisal),
    figure(entropy),
    `${id}`,
    [
      visibleText(text),
      ...top.map(preferred => `${visibleText(preferred.text)} ${percent(preferred.probability)}`),
    ].join('   '),
  ]);
  const headings = ['probability', 'rank', 'surprisal', 'entropy', 'id', 'token'];
  const summary = `perplexity ${figure(perplexity)}, ${figure(bitsPerByte)} bits per byte, ${scoredTokens} tokens scored`;
  return `${summary}\n${table(headings, rows, ['right', 'right', 'right', 'right', 'right', 'left'])}`;
}
