import type { ChatSnapshot } from '../../protocol/panels/chat.ts';
import type { Chat } from '../chat/chat.ts';
import type { TemplateDocument } from '../chat/templateDocument.ts';
import type { Models } from '../models/models.ts';
import { modelsOf } from './tokenProbabilitiesSnapshot.ts';

/** All that the page shows, from what is known now. */
export function chatSnapshotOf(chat: Chat, models: Models, template: TemplateDocument): ChatSnapshot {
  return { ...chat.session, ...chat.work, ...modelOf(chat, models), templateInEditor: template.isOpen };
}

/** The part of it that the models list decides. */
export function modelOf(
  chat: Chat,
  models: Models,
): Pick<ChatSnapshot, 'models' | 'offersGpt2' | 'answering' | 'contextLength'> {
  const { answering } = chat;
  const contextLength = models.entries?.find(({ id }) => id === answering)?.contextLength ?? 0;
  return { ...modelsOf(models), answering, contextLength };
}
