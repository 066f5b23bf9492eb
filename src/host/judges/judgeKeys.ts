import type * as vscode from 'vscode';

// Keys of judges that ask for one, each for its own address alone, in the editor's secret storage.

const nameOf = (address: string): string => `lmLab.judgeKey ${address}`;

export const keptJudgeKey = (secrets: vscode.SecretStorage, address: string): Thenable<string | undefined> =>
  secrets.get(nameOf(address));

/** Empty: the key is forgotten. */
export const keepJudgeKey = (secrets: vscode.SecretStorage, address: string, key: string): Thenable<void> =>
  key === '' ? secrets.delete(nameOf(address)) : secrets.store(nameOf(address), key);
