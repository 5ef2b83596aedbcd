// A person at the keyboard of a journal is never left without a focus: when what had it goes away (a form that was saved, a popover that
// closed, a tab of another period), the table gets it.

import { useEffect } from "react";

export function useKeptFocus(table, refocus) {
  useEffect(() => {
    let last = null;
    const remember = (event) => { last = event.target; };
    const look = () => {
      const lost = !document.activeElement || document.activeElement === document.body;
      if (!lost || !last || (last.isConnected && last.getClientRects().length) || !table.current?.getClientRects().length) return;
      last = null;
      refocus();
    };
    const watch = new MutationObserver(look);
    const page = document.getElementById("main") ?? document.body;
    document.addEventListener("focusin", remember);
    watch.observe(page, { childList: true, subtree: true });
    return () => { document.removeEventListener("focusin", remember); watch.disconnect(); };
  }, [table, refocus]);
}
