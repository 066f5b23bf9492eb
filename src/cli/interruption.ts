/** Aborted by a first Ctrl+C, or a first request to end; a second ends the process at once. */
export function interruption(): { readonly signal: AbortSignal; end(): void } {
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  return {
    signal: abort.signal,
    end() {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
