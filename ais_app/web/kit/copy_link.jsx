// @ts-check

import { useState } from "react";

const SAID = 4000; // ms

/** Copies where the browser's own way is closed (no https): by a field that is selected. */
function copyBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "vh";
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export function CopyLink({ words, children }) {
  const [done, setDone] = useState(false);
  const copy = async (event) => {
    const button = event.currentTarget, address = window.location.href;
    try { await navigator.clipboard.writeText(address); } catch { copyBySelection(address); button.focus(); }
    setDone(true);
    window.setTimeout(() => setDone(false), SAID);
  };
  return (
    <>
      <button type="button" className="btn no-print" data-testid="copy-link" onClick={copy}>{children}<span>{done ? words.done : words.label}</span></button>
      <span className="vh" role="status">{done ? words.done : ""}</span>
    </>
  );
}
