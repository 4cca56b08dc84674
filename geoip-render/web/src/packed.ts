// Deflated bytes in base64, as they stand in elements of the page.

/** The bytes that an element holds; none if it is empty. */
export async function unpacked(id: string): Promise<ArrayBuffer | null> {
  const text = document.getElementById(id)?.textContent?.trim();
  if (!text) return null;
  const letters = atob(text);
  const packed = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) packed[i] = letters.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** The JSON that an element holds; null if it is empty. */
export async function unpackedJson<T>(id: string): Promise<T | null> {
  const bytes = await unpacked(id);
  return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
}
