/** More than a relay has to say of a file, in characters. */
const MOST = 16 * 1024;

/** What an answer says, as far as it is read: a relay may say more than one has memory for. */
export async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MOST) break;
  }
  return text;
}
