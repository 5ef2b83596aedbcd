// Shown while there is no connection. A socket that is refused looks like no network at all: a plain request tells them apart.

import { useEffect } from "react";
import { openAnew } from "./anew.js";

const ASK_EVERY = 3000;

export function StillSignedIn() {
  useEffect(() => {
    let timer = 0, left = false;
    const ask = async () => {
      // Without a session the page is answered by a redirect to the sign-in page: opened anew, it goes there by itself.
      const answer = await fetch(window.location.href, { method: "HEAD", redirect: "manual", cache: "no-store" }).catch(() => null);
      if (left) return;
      if (answer?.type === "opaqueredirect") openAnew();
      else timer = window.setTimeout(ask, ASK_EVERY);
    };
    ask();
    return () => { left = true; clearTimeout(timer); };
  }, []);
  return null;
}

// Shown once the server has said that the session is over.
export function OpenedAnew() {
  useEffect(openAnew, []);
  return null;
}
