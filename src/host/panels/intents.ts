import { reasonOf } from '../../protocol/result.ts';
import { showReason } from '../showReason.ts';

/** What a panel does for each thing that its page may ask for. */
export type IntentHandlers<Intent extends { readonly type: string }> = {
  readonly [T in Intent['type']]: (intent: Extract<Intent, { readonly type: T }>) => unknown;
};

/** Does what the page asks for. A failure is shown: the page waits for no answer. */
export async function carryOut<Intent extends { readonly type: string }>(
  handlers: IntentHandlers<Intent>,
  intent: Intent,
): Promise<void> {
  const handler = handlers[intent.type as Intent['type']] as (intent: Intent) => unknown;
  try {
    await handler(intent);
  } catch (error) {
    await showReason(reasonOf(error));
  }
}
