// A thing opened by a tap: one popover for all buttons of a page that open something, on a phone from below.
//
// The button says at once what it is about; the rest stands here when the server's answer (`shown`) is about the same thing. While it is
// open it is asked for again whenever the page it stands in has changed (`live`).

import { useEffect, useRef, useState } from "react";

const WIDTH_REM = 22, GAP = 6, EDGE = 8;

/** Beside its button: under it, or above where there is more room. On a narrow screen the style sheet decides. */
function stand(popover, button) {
  const at = button.getBoundingClientRect(), rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const width = WIDTH_REM * rem, below = window.innerHeight - at.bottom, under = below >= at.top;
  const left = at.left + width + EDGE <= window.innerWidth ? at.left : at.right - width;
  popover.style.left = `${Math.max(EDGE, left)}px`;
  popover.style.top = under ? `${at.bottom + GAP}px` : "auto";
  popover.style.bottom = under ? "auto" : `${window.innerHeight - at.top + GAP}px`;
  popover.style.maxHeight = `${(under ? below : at.top) - GAP - EDGE}px`;
}

export function Popover({ shown, live, labels, onOpen, children }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null)), close = useRef(/** @type {HTMLButtonElement | null} */ (null)), [asked, setAsked] = useState({ key: "", about: "" }), held = useRef({ onOpen, key: asked.key });
  Object.assign(held.current, { onOpen, key: asked.key });
  useEffect(() => {
    const open = (event) => {
      const button = event.target.closest?.("[data-opens]");
      if (!button || !box.current) return;
      setAsked({ key: button.dataset.opens, about: button.dataset.about ?? "" });
      held.current.onOpen({ key: button.dataset.opens });
      if (!box.current.matches(":popover-open")) box.current.showPopover();
      stand(box.current, button);
      close.current?.focus();
    };
    document.addEventListener("click", open);
    return () => document.removeEventListener("click", open);
  }, []);
  useEffect(() => {
    if (box.current?.matches(":popover-open")) held.current.onOpen({ key: held.current.key });
  }, [live]);
  return (
    <div ref={box} popover="auto" role="dialog" aria-label={labels.title} className="sheet-b" data-testid="sheet">
      <div className="sheet-h">
        <h2>{labels.title}</h2>
        <button ref={close} type="button" className="btn ghost icon" aria-label={labels.close} data-testid="close-sheet" onClick={() => box.current?.hidePopover()}>
          <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 6.5l11 11M17.5 6.5l-11 11" /></svg>
        </button>
      </div>
      <div className="sheet-c" aria-live="polite" aria-busy={shown !== asked.key}>{shown === asked.key ? children : <p className="muted">{asked.about}</p>}</div>
    </div>
  );
}
