// The queue's way out when the socket is gone already: a plain request that outlives the page, under the same operation uids.

import { spelled as spelledOne } from "./queue.js";

const ADDRESS = "/journal/entries", LARGEST = 60000; // bytes: a browser lets no more than 64 KB outlive a page

const spelled = (operations) => JSON.stringify({ ops: operations.map(spelledOne) });

/** Send the oldest of these operations that fit; what was accepted is forgotten in the store. Nobody need wait for it. */
export async function sendLeaving(operations, store) {
  let sent = operations;
  while (sent.length > 1 && spelled(sent).length > LARGEST) sent = sent.slice(0, Math.ceil(sent.length / 2));
  if (!sent.length) return 0;
  const request = { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: spelled(sent) };
  const answer = await fetch(ADDRESS, request).catch(() => null); // without a connection they stay where they are
  if (!answer?.ok) return 0;
  const accepted = (await answer.json()).patches.filter((patch) => !patch.error && !patch.refused);
  for (const patch of accepted) store.drop(patch.op);
  return accepted.length;
}
