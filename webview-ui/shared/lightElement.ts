import { LitElement } from 'lit';

/** An element that has state of its own and is drawn in the page's tree, under the page's styles. */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
