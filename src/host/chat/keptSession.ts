import type * as vscode from 'vscode';
import type { ChatSession, ChatTurn } from '../../protocol/panels/chat.ts';
import { keep, kept } from '../keptFile.ts';
import { NEW_SESSION } from './session.ts';

const FILE = 'chat.json';

/** Keeps the chat in a folder, in place of the one before. */
export const keepSession = (folder: vscode.Uri, session: ChatSession): Promise<void> => keep(folder, FILE, session);

/** The chat that was kept; a reply that was under way then has been stopped. */
export async function keptSession(folder: vscode.Uri): Promise<ChatSession | undefined> {
  const session = await kept<ChatSession>(folder, FILE);
  return session && { ...NEW_SESSION, ...session, turns: session.turns.flatMap(ended) };
}

function ended(turn: ChatTurn): ChatTurn[] {
  if (turn.reply?.ending !== 'running') return [turn];
  return turn.reply.tokens.length === 0 ? [] : [{ ...turn, reply: { ...turn.reply, ending: 'stopped' } }];
}
