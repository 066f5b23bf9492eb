/** Draws with the next frame, once for all that asked for it until then. */
export function oncePerFrame(draw: () => void): () => void {
  let planned = 0;
  return () => {
    planned ||= requestAnimationFrame(() => {
      planned = 0;
      draw();
    });
  };
}
