// In the top bar of every page: what of this account still waits on this device, and a word before signing out with it.

import { useEffect, useRef, useState } from "react";
import { plural } from "./use_journal.js";
import { waitingCells } from "./store.js";

const LOOK_EVERY = 1000, QUIET = 3, PATIENCE = 1500;

export function WaitingMarks({ account, labels }) {
  const [count, setCount] = useState(0);
  const [form, setForm] = useState(null);
  const dialog = useRef(null), seen = useRef(0);
  useEffect(() => {
    if (!account) return undefined;
    const look = () => {
      const found = waitingCells(window.localStorage, account);
      seen.current = found ? seen.current + 1 : 0; // what is on its way for a moment is nobody's worry
      setCount(seen.current >= QUIET ? found : 0);
    };
    look();
    const timer = setInterval(look, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [account]);
  useEffect(() => {
    const left = () => waitingCells(window.localStorage, account);
    const asks = (event) => {
      const leaving = event.target;
      if (!leaving.action?.endsWith("/logout") || leaving.dataset.sure || !account || !left()) return;
      event.preventDefault();
      // What was typed a moment ago is on its way: it is waited for; what cannot go is asked about.
      const until = Date.now() + (navigator.onLine ? PATIENCE : 0);
      const wait = () => {
        if (!left()) { leaving.dataset.sure = "1"; leaving.requestSubmit(); }
        else if (Date.now() < until) setTimeout(wait, PATIENCE / 30);
        else { setForm(leaving); dialog.current?.showModal(); }
      };
      wait();
    };
    document.addEventListener("submit", asks, true);
    return () => document.removeEventListener("submit", asks, true);
  }, [account]);
  const left = account && form ? waitingCells(window.localStorage, account) : 0;
  return (
    <>
      {count ? <span className="badge warn" role="status" data-testid="marks-waiting">{plural(labels, labels.waiting, count)}</span> : null}
      <dialog ref={dialog} className="dlg" aria-labelledby="leave-title" data-testid="leave-dialog">
        <h2 id="leave-title">{plural(labels, labels.leaveTitle, left)}</h2>
        <p>{labels.leaveText}</p>
        <div className="row">
          <button type="button" className="btn" data-testid="stay" autoFocus onClick={() => dialog.current.close()}>{labels.stay}</button>
          <button type="button" className="btn danger" data-testid="leave-anyway" onClick={() => { form.dataset.sure = "1"; form.requestSubmit(); }}>{labels.leaveAnyway}</button>
        </div>
      </dialog>
    </>
  );
}
