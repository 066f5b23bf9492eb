import type { EngineApi } from '../../protocol/engine.ts';
import type { Models } from '../models/models.ts';
import { settings } from '../settings.ts';
import { Chat } from './chat.ts';

/** This window's chat, with the engine and the models that it has. */
export const createChat = (engine: EngineApi, models: Models): Chat =>
  new Chat({
    engine,
    choice: model => models.choice(model ?? undefined),
    activeModel: () => models.activeId,
    top: () => settings().score.top,
  });
