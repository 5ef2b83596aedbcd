// Names of what the page makes: operations of the grid, drafts of forms.

/** 80 random bits as 16 lower-case base32 characters. */
export function makeUid(random = (bytes) => crypto.getRandomValues(bytes)) {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return Array.from(random(new Uint8Array(16)), (byte) => letters[byte & 31]).join("");
}
