/** Whether anybody touches this window: a key, a button, a wheel, a pointer that moves. */
let pointerAt = "";

export function onTouch(touched: () => void): void {
  for (const kind of ["pointerdown", "keydown", "wheel"]) window.addEventListener(kind, touched, { capture: true, passive: true });
  // A browser also reports a pointer that lies still while the page moves under it.
  const moved = ({ screenX, screenY }: PointerEvent): void => {
    const at = `${screenX},${screenY}`;
    if (at !== pointerAt) touched();
    pointerAt = at;
  };
  window.addEventListener("pointermove", moved, { capture: true, passive: true });
}
