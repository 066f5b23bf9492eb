/** Calls back when the user changes the colour theme; returns what ends that. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}

/** The value of custom properties that hold colours, such as `--ink-1`, as a canvas understands them. */
export function resolvedColours(inside: HTMLElement, names: readonly string[]): string[] {
  const probe = inside.appendChild(document.createElement('span'));
  const colours = names.map(name => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}
