import { nothing } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

type Styles = Readonly<Record<string, string>>;

/**
 * Sets an element's own styles through its style object: `<div ${styles({ width: '20%' })}>`. Lit's styleMap writes the
 * attribute, which the page's content security policy refuses.
 */
class StylesDirective extends Directive {
  render(_styles: Styles): typeof nothing {
    return nothing;
  }

  override update({ element }: ElementPart, [styles]: [Styles]): typeof nothing {
    for (const [name, value] of Object.entries(styles)) (element as HTMLElement).style.setProperty(name, value);
    return nothing;
  }
}

export const styles = directive(StylesDirective);
