import type { Lab } from '../lab.ts';

export const showChat = (lab: Lab): Promise<void> => lab.chatPanel.show();

/** Opens the messages of the JSON file in the editor as a chat. */
export async function openAsChat(lab: Lab): Promise<void> {
  await lab.chatPanel.loadFromEditor();
  await lab.chatPanel.show();
}
