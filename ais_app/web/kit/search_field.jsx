// @ts-check
// A search field that owns what is typed: answers of the server never overtake the typing.

import { useEffect, useRef } from "react";

const PAUSE = 250; // ms without a key, after which the words are sent

export function SearchInput({ name, value, longest, words, onSearch }) {
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const held = useRef({ sent: value, timer: 0, onSearch });
  held.current.onSearch = onSearch;

  const send = () => {
    clearTimeout(held.current.timer);
    const text = input.current?.value.trim() ?? "";
    if (text === held.current.sent) return;
    held.current.sent = text;
    held.current.onSearch({ name, value: text });
  };
  const typed = () => {
    clearTimeout(held.current.timer);
    held.current.timer = window.setTimeout(send, PAUSE);
  };
  const pressed = (event) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") send();
    if (event.key !== "Escape" || !input.current?.value) return;
    event.stopPropagation();
    event.preventDefault();
    input.current.value = "";
    send();
  };

  // Another search than was sent from here: a link, «take the conditions away», another tab's address.
  useEffect(() => {
    if (!input.current || value === held.current.sent) return;
    clearTimeout(held.current.timer);
    held.current.sent = value;
    input.current.value = value;
  }, [value]);
  useEffect(() => {
    const slash = (event) => {
      const at = event.target;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || at.isContentEditable || at.closest?.("input, select, textarea, dialog")) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", slash);
    return () => { document.removeEventListener("keydown", slash); clearTimeout(held.current.timer); };
  }, []);
  return (
    <input ref={input} type="search" className="input" data-search data-testid={`search-${name}`} defaultValue={value} maxLength={longest}
      placeholder={words.hint} aria-label={words.label} aria-keyshortcuts="/" autoComplete="off" onInput={typed} onKeyDown={pressed} onBlur={send} />
  );
}
