import { svg } from 'lit';

interface Bin {
  /** What it stands for, such as "12 scored 70 to 79". */
  readonly meaning: string;
  readonly chosen: boolean;
  readonly choose: () => void;
}

/** A part of a figure that shows the rows it stands for, by the pointer or the keyboard. */
export function binButton({ meaning, chosen, choose }: Bin, shapes: unknown): unknown {
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    choose();
  };
  return svg`
    <g class="bin ${chosen ? 'chosen' : ''}" role="button" tabindex="0" aria-pressed=${chosen} aria-label=${`${meaning}. Show these rows`} @click=${choose} @keydown=${onKey}>
      <title>${meaning}</title>
      ${shapes}
    </g>
  `;
}
