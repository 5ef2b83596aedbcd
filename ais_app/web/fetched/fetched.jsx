// Brings the views that the server wants shown into the page's state, past the socket.

import { useContext, useEffect, useRef } from "react";
import { DispatchContext, initialState } from "$/utils/context";
import { openAnew } from "../address/anew.js";
import { Reading, belongs, variables } from "./fetched.js";

const LONGEST = 30_000;

/** Always asked of the server, also on the way back through the history: what is held is shown to who may still read it. */
const read = (at, anew) => fetch(at, { cache: anew ? "reload" : "no-cache", redirect: "manual", signal: AbortSignal.timeout(LONGEST) });

const isHere = (at) => belongs(at, window.location.pathname);

/** The request of `js/ahead.js`, if it is for this page; it is answered to one reader. */
function ahead() {
  const sent = window.ahead;
  delete window.ahead;
  return sent && isHere(sent.at) ? sent.answer : null;
}

/** A reading of this page: what it finds becomes variables of `state`, what it says a notice of `says`. */
function readingOf(dispatch, { state, says, timed, words }) {
  let names = []; // of the variables that were shown
  const set = (changed) => dispatch[state]?.(changed);
  const clear = () => set(Object.fromEntries(names.map((name) => [name, initialState[state][name]])));
  return new Reading({
    read,
    isHere,
    leave: openAnew,
    show: (found) => {
      const shown = variables(found, timed);
      names = Object.keys(shown);
      set({ ...shown, unread_rx_state_: "" });
    },
    tell: (unread, code) => {
      if (unread === "gone") clear();
      set({ unread_rx_state_: unread });
      if (code) dispatch[says]?.({ notice_rx_state_: words.replace("{code}", code), done_rx_state_: false, said_rx_state_: code });
    },
  });
}

export function Fetched({ state, says, wanted, heard, timed, words }) {
  const dispatch = useContext(DispatchContext), reading = useRef(null);
  useEffect(() => {
    const one = readingOf(dispatch, { state, says, timed, words });
    reading.current = one;
    const sent = ahead();
    if (sent) one.begin(sent);
    return () => {
      one.end();
      // Another page of this kind begins with neither; nor does it follow a wish for this one.
      dispatch[state]?.({ wanted_rx_state_: {}, unread_rx_state_: "", ...(timed && { [`${timed}_rx_state_`]: {} }) });
    };
  }, [dispatch, state, says, timed, words]);
  useEffect(() => { if (heard?.at) reading.current.hear(heard); }, [heard]);
  // Also what the socket has brought before the page stood.
  useEffect(() => { if (wanted?.n) reading.current.want(wanted); }, [wanted]);
  return null;
}
