// Whatever is touched stays under the finger while other things on the page come, go, and move.

let touched = null;
for (const kind of ["pointerdown", "keydown", "input"]) addEventListener(kind, ({ target }) => { touched = target; }, true);

/** Do what moves things, and let a control stay where it is in the window: unless told, the one touched last. */
export function steady(act, control = touched) {
  const place = () => (control?.checkVisibility?.() ? control.getBoundingClientRect().top : null);
  const at = place();
  const done = act();
  const now = place();
  if (at !== null && now !== null) scrollBy(0, now - at);
  return done;
}
