import type { Progress } from '../../protocol/engine.ts';
import type { GenerationUpdate } from '../../protocol/generation.ts';
import type { BeamStep, BranchState, BranchToken, GenerationStream } from '../../protocol/panels/generations.ts';

/** Long enough that the page draws each, short enough to look immediate. */
const EVERY_MILLISECONDS = 50;

/** Where the updates of one of a request's settings go. */
export interface StreamTarget {
  readonly column: string;
  /** By the index of its generations. */
  readonly branches: readonly number[];
}

interface Gathered {
  readonly tokens: Map<number, BranchToken[]>;
  readonly beams: BeamStep[];
  readonly states: Map<number, BranchState>;
}

/** Gathers what streams in from the engine and tells it a few times a second, column by column. */
export class StreamBatch {
  readonly #targets: readonly StreamTarget[];
  readonly #tell: (column: string, stream: GenerationStream) => void;
  readonly #gathered = new Map<StreamTarget, Gathered>();
  #progress: Progress | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(targets: readonly StreamTarget[], tell: (column: string, stream: GenerationStream) => void) {
    this.#targets = targets;
    this.#tell = tell;
  }

  readonly update = (update: GenerationUpdate): void => {
    const target = this.#targets[update.column];
    if (!target) return;
    this.#progress = null;
    const gathered = this.#of(target);
    if (update.kind === 'beams') {
      gathered.beams.push(update.beams);
      for (const branch of target.branches) gathered.states.set(branch, 'running');
      return;
    }
    const branch = target.branches[update.sample];
    if (branch === undefined) return;
    const tokens = gathered.tokens.get(branch) ?? [];
    gathered.tokens.set(branch, tokens);
    if (update.kind === 'token') tokens.push({ ...update.token, adds: update.text });
    else if (update.text !== '') this.#addToLast(tokens, update.text);
    gathered.states.set(branch, update.kind === 'finished' ? update.reason : 'running');
  };

  readonly progress = (progress: Progress): void => {
    this.#progress = progress;
    for (const target of this.#targets) this.#of(target);
  };

  /** Tells what is left. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [{ column }, { tokens, beams, states }] of this.#gathered) {
      this.#tell(column, {
        tokens: [...tokens].map(([branch, came]) => ({ branch, tokens: came })),
        beams,
        states: [...states].map(([branch, state]) => ({ branch, state })),
        progress: this.#progress,
      });
    }
    this.#gathered.clear();
  }

  #of(target: StreamTarget): Gathered {
    this.#timer ??= setTimeout(() => this.end(), EVERY_MILLISECONDS);
    const gathered = this.#gathered.get(target) ?? { tokens: new Map(), beams: [], states: new Map() };
    this.#gathered.set(target, gathered);
    return gathered;
  }

  /** Text that was held back until it was known not to be a stop string. */
  #addToLast(tokens: BranchToken[], text: string): void {
    const last = tokens.pop();
    if (last) tokens.push({ ...last, adds: last.adds + text });
  }
}
