import type { OutgoingMessage } from "../../../lib/client/connection_types.ts";
import { defined } from "../../../lib/defined.ts";
import { attachedFile } from "../../../lib/protocol/attached_file.ts";
import type { LoggedSend } from "../../mailbox/send_log.ts";

/** What of a send is said over the wire, beside its text: of a file what anybody may see. */
export function outgoing(send: LoggedSend, text: string): OutgoingMessage {
  const { id, room, replyTo, kind, receipt, writtenBy, file } = send;
  return {
    ...{ id, room, text },
    ...defined({ reply_to: replyTo, kind, receipt, written_by: writtenBy }),
    ...defined({ file: attachedFile(file) }),
  };
}
