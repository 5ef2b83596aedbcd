// At most 256 colours of a picture, given as base64 of its file: [width, height, colours, base64 of a byte a pixel].
// The most frequent colours as they are, so that no surface changes; of the others one is left out when it lies within
// `near` of one that was taken, and `near` grows until 256 are enough. So a rare colour stays when it is like no other.

async (encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const context = new OffscreenCanvas(image.width, image.height).getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height), counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const apart = (a, b) => {
    const [r, g, blue] = parts(a), [r2, g2, blue2] = parts(b);
    return (r - r2) ** 2 + (g - g2) ** 2 + (blue - blue2) ** 2;
  };
  const colours = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([colour]) => colour);
  let palette = colours;
  for (let near = 8; palette.length > 256; near *= 1.25) {
    palette = [];
    for (const colour of colours) {
      if (palette.length < 160 || palette.every((taken) => apart(taken, colour) > near)) palette.push(colour);
      if (palette.length > 256) break;
    }
  }
  const place = new Map();
  for (const colour of colours) {
    let best = 0;
    for (let i = 1; i < palette.length; i += 1) if (apart(palette[i], colour) < apart(palette[best], colour)) best = i;
    place.set(colour, best);
  }
  const pixels = new Uint8Array(data.length / 4);
  for (let i = 0, at = 0; at < data.length; i += 1, at += 4) {
    pixels[i] = place.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  }
  const pieces = [];
  for (let i = 0; i < pixels.length; i += 32768) pieces.push(String.fromCharCode(...pixels.subarray(i, i + 32768)));
  return [image.width, image.height, palette, btoa(pieces.join(""))];
}
