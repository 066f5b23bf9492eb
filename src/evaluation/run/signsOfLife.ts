/** So often a sign of life is given: whoever watches takes longer silence for a hang. */
const EVERY_MS = 15_000;

/** What comes, and null now and then while nothing does: a judge may think, and a large model write, for minutes. */
export async function* withSignsOfLife<T>(
  found: AsyncIterable<T>,
  everyMs: number = EVERY_MS,
): AsyncGenerator<T | null, void> {
  const values = found[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = values.next();
      let come = await orNull(next, everyMs);
      for (; come === null; come = await orNull(next, everyMs)) yield null;
      if (come.done) return;
      yield come.value;
    }
  } finally {
    await values.return?.();
  }
}

async function orNull<T>(value: Promise<T>, afterMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), afterMs);
  });
  try {
    return await Promise.race([value, quiet]);
  } finally {
    clearTimeout(timer);
  }
}
