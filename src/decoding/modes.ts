import { beam } from './beam.ts';
import type { Decoder, Start } from './decoder.ts';
import { greedy } from './greedy.ts';
import { sample } from './sample.ts';
import type { SeededSettings } from './sampler.ts';

type Mode = SeededSettings['decoding'];
type SettingsOf<Name extends Mode> = Extract<SeededSettings, { readonly decoding: Name }>;

/** The modes of decoding. */
const MODES: { readonly [Name in Mode]: (settings: SettingsOf<Name>, start: Start) => Decoder } = {
  greedy,
  beam,
  sample,
};

export const decoderOf = (settings: SeededSettings, start: Start): Decoder =>
  (MODES[settings.decoding] as (settings: SeededSettings, start: Start) => Decoder)(settings, start);
