import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly messages: ReadonlyArray<{ readonly role: string; readonly content: string }>;
    readonly [field: string]: unknown;
  };
}

/** Answers a question itself, or with a text, which is wrapped as the protocol that it was asked in has it. */
export type Answer = (asked: Asked, response: ServerResponse, number: number) => string | void;

export interface FakeJudge {
  readonly address: string;
  readonly asked: Asked[];
  answer: Answer;
}

/** A server on the loopback that speaks Ollama's protocol and OpenAI's. It closes when the test has finished. */
export async function startJudge(answer: Answer): Promise<FakeJudge> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const one = { url: request.url ?? '', headers: request.headers, body: JSON.parse(text) as Asked['body'] };
    asked.push(one);
    const said = judge.answer(one, response, asked.length);
    if (typeof said === 'string') response.end(JSON.stringify(wrapped(one, said)));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const judge: FakeJudge = { address, asked, answer };
  return judge;
}

/** An answer as Ollama 0.5 and vLLM 0.6 give it. */
function wrapped({ url, body: { model } }: Asked, content: string): object {
  const message = { role: 'assistant', content };
  return url === '/api/chat'
    ? { model, created_at: '2025-01-01T00:00:00Z', message, done_reason: 'stop', done: true, eval_count: 3 }
    : {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        model,
        choices: [{ index: 0, message, finish_reason: 'stop' }],
        usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
      };
}
