import type { GreedySettings } from '../protocol/generation.ts';
import type { Decoder, Start } from './decoder.ts';
import { LIKELIEST } from './drawing.ts';
import { largest } from './ordering.ts';
import { penaltiesOf } from './processors.ts';
import { decodeSingly } from './singly.ts';

/** Always the likeliest token; of equal ones that of the lowest id. */
export const greedy = (settings: GreedySettings, start: Start): Decoder =>
  decodeSingly(start, penaltiesOf(settings), [
    {
      choose: scores => largest(scores, 1)[0] as number,
      drawing: penaltiesOf(settings).length > 0 ? null : LIKELIEST,
    },
  ]);
