type Execute = (file: string, args: readonly string[], environment: NodeJS.ProcessEnv) => never;

/**
 * Replaces this process by one with these variables as well, which are read only when a process starts: its id and its
 * arguments stay the same. Variables that are set already are kept as they are. Does nothing where all of them are set, or
 * where Node can't do it, which is before version 23.11.
 */
export function relaunchWith(environment: Readonly<Record<string, string>>): void {
  const { execve } = process as typeof process & { readonly execve?: Execute };
  if (!execve || Object.keys(environment).every(name => name in process.env)) return;
  const args = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  execve(process.execPath, args, { ...environment, ...process.env });
}
