import * as vscode from 'vscode';
import type { ChatSession, ChatTurn } from '../../protocol/panels/chat.ts';
import { NEW_SESSION } from './session.ts';

interface Kept {
  readonly version: 1;
  readonly session: ChatSession;
}

const FILE = 'chat.json';

/** Keeps the chat in a folder, in place of the one before. */
export async function keepSession(folder: vscode.Uri, session: ChatSession): Promise<void> {
  const kept: Kept = { version: 1, session };
  await vscode.workspace.fs.createDirectory(folder);
  await vscode.workspace.fs.writeFile(
    vscode.Uri.joinPath(folder, FILE),
    new TextEncoder().encode(JSON.stringify(kept)),
  );
}

/** The chat that was kept; a reply that was under way then has been stopped. */
export async function keptSession(folder: vscode.Uri): Promise<ChatSession | undefined> {
  let kept: Kept;
  try {
    const content = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, FILE));
    kept = JSON.parse(new TextDecoder().decode(content));
  } catch {
    return undefined; // nothing was kept
  }
  if (kept.version !== 1) return undefined;
  return { ...NEW_SESSION, ...kept.session, turns: kept.session.turns.flatMap(ended) };
}

function ended(turn: ChatTurn): ChatTurn[] {
  if (turn.reply?.ending !== 'running') return [turn];
  return turn.reply.tokens.length === 0 ? [] : [{ ...turn, reply: { ...turn.reply, ending: 'stopped' } }];
}
