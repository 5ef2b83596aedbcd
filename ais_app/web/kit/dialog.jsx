// @ts-check
// The browser's own dialog: it keeps the focus within, gives it back, closes on Escape.

import { useEffect, useRef } from "react";

export function Dialog({ name, finished, words, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null)), before = useRef(finished);
  useEffect(() => {
    const press = ({ target }) => {
      if (target.closest?.("[data-opens-dialog]")?.dataset.opensDialog === name && !box.current?.open) box.current?.showModal();
      if (box.current?.contains(target) && target.closest("[data-closes-dialog]")) box.current.close();
    };
    document.addEventListener("click", press);
    return () => document.removeEventListener("click", press);
  }, [name]);
  useEffect(() => {
    if (before.current !== finished) box.current?.close();
    before.current = finished;
  }, [finished]);
  const closed = () => { for (const form of box.current?.querySelectorAll("form") ?? []) form.reset(); };
  return (
    <dialog ref={box} id={name} className="kdialog" aria-labelledby={`${name}-title`} data-testid={name} onClose={closed}>
      <button type="button" className="btn ghost icon kclose" aria-label={words.close} data-closes-dialog="true">
        <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 6.5l11 11M17.5 6.5l-11 11" /></svg>
      </button>
      {children}
    </dialog>
  );
}
