type Execute = (file: string, args: readonly string[], environment: NodeJS.ProcessEnv) => never;

/**
 * Begins this process anew with an environment that is read at a process's start, under the same number and with the same
 * arguments. What is set already stays. Node can't do that before version 23.11: then nothing happens.
 */
export function relaunchWith(environment: Readonly<Record<string, string>>): void {
  const { execve } = process as typeof process & { readonly execve?: Execute };
  if (!execve || Object.keys(environment).every(name => name in process.env)) return;
  const args = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  execve(process.execPath, args, { ...environment, ...process.env });
}
