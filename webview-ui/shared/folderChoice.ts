import { html, nothing, type TemplateResult } from 'lit';

interface Listed<State extends string> {
  readonly folder: string;
  readonly name: string;
  readonly title: string;
  readonly state: State;
}

/** Runs or evaluations to choose from, each with its state in words. */
export const folderChoice = <State extends string>(
  folders: ReadonlyArray<Listed<State>>,
  words: Readonly<Record<State, string>>,
  choose: (folder: string) => void,
): TemplateResult | typeof nothing =>
  folders.length === 0
    ? nothing
    : html`<ul class="run-list">
        ${folders.map(
          ({ folder, title, name, state }) => html`
            <li>
              <button class="link" title=${name} @click=${() => choose(folder)}>${title}</button>
              <span class="quiet">${words[state]}</span>
            </li>
          `,
        )}
      </ul>`;
