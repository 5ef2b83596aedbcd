// Where the diary is open: let it be read later without a connection too.
if ("serviceWorker" in navigator && location.pathname.startsWith("/diary"))
  navigator.serviceWorker.register("/sw.js").then(() => navigator.serviceWorker.ready).then((one) => one.active?.postMessage("keep"));
