// The address says what the page shows, so that every way back (reconnect, reload, sign-in) opens just that.

import { useEffect } from "react";
import { withQuery } from "./query.js";

export function Address({ address }) {
  useEffect(() => {
    const { pathname, search, hash } = window.location;
    const wanted = withQuery(pathname, search, address);
    // With the router's own state of this entry; the router does not look at the query, and no page is opened by it.
    if (wanted !== search) window.history.replaceState(window.history.state, "", pathname + wanted + hash);
  }, [address]);
  return null;
}
