// Brings the views that the server wants shown into the page's state, past the socket.

import { useContext, useEffect, useRef } from "react";
import { DispatchContext } from "$/utils/context";
import { Reading, variables } from "./fetched.js";

/** Always asked of the server, also on the way back through the history: what is held is shown to who may still read it. */
const read = (at) => fetch(at, { cache: "no-cache", redirect: "manual" });

/** The request of `js/ahead.js`, if it is for this very page; it is answered to one reader. */
function ahead() {
  const sent = window.ahead;
  delete window.ahead;
  return sent?.page === window.location.pathname + window.location.search ? sent.answer : null;
}

export function Fetched({ state, wanted, heard, timed }) {
  const dispatch = useContext(DispatchContext), reading = useRef(null), before = useRef(wanted);
  useEffect(() => {
    const show = (found) => dispatch[state]?.(variables(found, timed));
    const one = new Reading({ read, show, leave: () => window.location.reload() });
    reading.current = one;
    const sent = ahead();
    if (sent) one.begin(sent);
    return () => {
      one.end();
      if (timed) dispatch[state]?.({ [`${timed}_rx_state_`]: {} }); // another page of this kind does not begin with it
    };
  }, [dispatch, state, timed]);
  useEffect(() => { if (heard?.at) reading.current.hear(heard); }, [heard]);
  // What was wanted when the page opened, an earlier one has read.
  useEffect(() => { if (wanted?.n && wanted !== before.current) reading.current.want(wanted); }, [wanted]);
  return null;
}
