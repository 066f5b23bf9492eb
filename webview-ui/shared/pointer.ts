const last = { x: Number.NaN, y: Number.NaN };
addEventListener('pointermove', ({ clientX, clientY }) => Object.assign(last, { x: clientX, y: clientY }), true);

/** Whether the mouse went to what it is over now. Where it rests, and the page moves under it, it did not. */
export const pointerMoved = ({ clientX, clientY }: PointerEvent): boolean => clientX !== last.x || clientY !== last.y;
