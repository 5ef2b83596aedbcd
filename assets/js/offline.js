// Lets this device say in words that there is no connection, and the diary be read without one. Once the page stands: it goes first.
if ("serviceWorker" in navigator) {
  const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 500));
  const keep = async () => {
    await navigator.serviceWorker.register("/sw.js");
    const one = await navigator.serviceWorker.ready;
    if (location.pathname.startsWith("/diary")) one.active?.postMessage("keep");
  };
  window.addEventListener("load", () => soon(() => keep().catch(() => {}), { timeout: 2000 }));
}
