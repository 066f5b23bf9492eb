/** At least so much of a text's beginning, if it is as long, and all of its pieces from the beginning. */
export async function withStart(
  pieces: AsyncIterable<string>,
  length: number,
): Promise<[start: string, all: AsyncIterable<string>]> {
  const iterator = pieces[Symbol.asyncIterator]();
  let start = '';
  let ended = false;
  while (!ended && start.length < length) {
    const step = await iterator.next();
    if (step.done) ended = true;
    else start += step.value;
  }
  async function* all(): AsyncGenerator<string> {
    yield start;
    if (!ended) yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return [start, all()];
}
