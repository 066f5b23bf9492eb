import type { Lab } from '../lab.ts';

export const showChat = async (lab: Lab): Promise<void> => (await lab.panels.chat()).show();

/** Opens the messages of the JSON file in the editor as a chat. */
export async function openAsChat(lab: Lab): Promise<void> {
  const panel = await lab.panels.chat();
  await panel.loadFromEditor();
  await panel.show();
}
