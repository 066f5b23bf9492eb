import { type Command, Option } from 'commander';
import type { ChatAnswer, ChatMessage } from '../../protocol/chat.ts';
import { Reasoned, valueOf } from '../../protocol/result.ts';
import { loadWithNote } from '../classifierNote.ts';
import { addDecodingOptions, type DecodingOptions, decodingSettings } from '../decoding.ts';
import { describeGeneration, showText } from '../generation.ts';
import { readText } from '../input.ts';
import {
  deviceOption,
  type DeviceOptions,
  jsonOption,
  type JsonOption,
  modelChoice,
  modelOption,
  type ModelOption,
  precisionOption,
  topOption,
} from '../options.ts';
import { print } from '../output.ts';
import { withEngine } from '../session.ts';

interface Options extends JsonOption, ModelOption, DeviceOptions {
  readonly messages: string;
  readonly template?: string;
  readonly render?: boolean;
  readonly stopAtTurn: boolean;
  readonly top: number;
}

export function chat(program: Command): void {
  const command = program
    .command('chat')
    .description('reply to a chat, or only show what the model gets')
    .addOption(new Option('--messages <file>', 'JSON list of {role, content}; - reads it here').makeOptionMandatory())
    .option('--template <name or Jinja>', 'the model’s own where left out, else plain roles')
    .option('--render', 'stop before generating')
    .option('--no-stop-at-turn', 'let the model run on into the next turn');
  addDecodingOptions(command)
    .addOption(topOption(0))
    .addOption(modelOption())
    .addOption(deviceOption())
    .addOption(precisionOption())
    .addOption(jsonOption())
    .action(async (options: Options & DecodingOptions) => {
      const shown = process.stderr.isTTY && !options.render && options['decoding'] !== 'beam';
      const answer = await answerOf(options, shown);
      tellDropped(answer);
      const { device: _, ...json } = answer;
      await print({ json, text: () => described(answer, shown && process.stdout.isTTY) }, options);
    });
}

function answerOf(options: Options & DecodingOptions, shown: boolean): Promise<ChatAnswer> {
  const { template, stopAtTurn, top } = options;
  const settings = decodingSettings(options);
  return withEngine(async (engine, { signal, onProgress }) => {
    const request = {
      ...modelChoice(options),
      stopAtTurn,
      top,
      messages: await readMessages(options.messages, signal),
      ...(template !== undefined && { template }),
      ...(options.render ? { room: settings.maxNewTokens } : { settings }),
    };
    if (!options.render) await loadWithNote(engine, modelChoice(options), { signal, onProgress });
    const answer = await valueOf(engine.chat(request, shown ? { signal, onUpdate: showText } : { signal, onProgress }));
    if (shown) process.stderr.write('\n');
    return answer;
  });
}

/** Whether they are valid messages, the engine says. */
async function readMessages(file: string, signal: AbortSignal): Promise<readonly ChatMessage[]> {
  const text = await readText(file === '-' ? { text: file } : { file }, signal);
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as readonly ChatMessage[];
  } catch (cause) {
    throw new Reasoned(
      'messages-not-json',
      `${file === '-' ? 'Standard input' : file} is not valid JSON: ${(cause as Error).message}.`,
      'Write a list such as [{"role": "user", "content": "Hello"}].',
      { cause },
    );
  }
}

function tellDropped({ dropped }: ChatAnswer): void {
  if (dropped.length > 0)
    console.error(`Left out, as the context is full: messages ${dropped.map(index => `[${index}]`).join(' ')}.`);
}

const described = ({ rendered, reply }: ChatAnswer, textIsThere: boolean): string =>
  reply ? describeGeneration(reply, textIsThere) : rendered;
