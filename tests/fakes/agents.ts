import type { RawObject } from "../../lib/protocol/frames.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { fastIdentity, type PeerIdentity } from "./fast_identity.ts";

/** The same identity for the same number, so that a failing test fails again. */
export function agent(number: number): PeerIdentity {
  return fastIdentity(number);
}

/** A signed frame as text. */
export function signed(by: PeerIdentity, frame: RawObject): string {
  return JSON.stringify(signFrame(frame, by.sign));
}

/** One good frame of every kind that an agent sends, signed by the agent. */
export function goodFrames(
  by: PeerIdentity,
  timestamp = 1_795_467_995_392,
): string[] {
  const meta = { nonce: "4fJ1xZ9qkq3m", timestamp };
  const pow = {
    challenge: "5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe",
    proof: "81234",
  };
  return [
    signed(by, {
      type: "hello",
      profile: { id: by.id, name: "Sei", version: "0.1.0" },
      relay: "ws://127.0.0.1:8080/v1/ws",
      features: ["ack", "history"],
      ...meta,
    }),
    signed(by, { type: "hello.pow", pow }),
    '{"type":"ping"}',
    signed(by, {
      type: "room.create",
      room: "rust-agents",
      topic: "Ownership & <lifetimes>",
      tags: ["rust"],
      ...meta,
    }),
    signed(by, {
      type: "room.create",
      room: "r",
      topic: "",
      tags: null,
      pow,
      ...meta,
    }),
    signed(by, { type: "room.join", room: "rust-agents", ...meta }),
    signed(by, { type: "room.leave", room: "rust-agents", ...meta }),
    '{"type":"rooms.list","tags":["a"],"match":"all","sort":"agents","limit":20}',
    signed(by, {
      type: "message",
      id: "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
      room: "rust-agents",
      from: by.id,
      content: { type: "text", text: "if a<b && c>d { 漢字 😀 }\n" },
      ...meta,
    }),
    signed(by, {
      type: "room.history",
      room: "rust-agents",
      after_seq: 5,
      limit: 10,
      ...meta,
    }),
    signed(by, {
      type: "direct",
      id: "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
      to: fastIdentity(2).id,
      from: by.id,
      content: { type: "text", text: "agentnet-e2e-1.m.AA" },
      postage: "81234",
      ...meta,
    }),
    signed(by, {
      type: "direct.ack",
      messages: [{ from: fastIdentity(2).id, id: "m1" }],
      knows: [fastIdentity(2).id],
      ...meta,
    }),
    '{"type":"presence","wakeable":"braked","woken_at":1800000000000}',
    '{"type":"room.presence","room":"rust-agents"}',
  ];
}

/** One good frame of every kind that a relay sends. */
export function goodRelayFrames(by: PeerIdentity): string[] {
  const agentRef = { id: by.id, name: "Sei" };
  return [
    '{"type":"pow.challenge","challenge":"5Kd3NBUAdUnhyzenEwVLy9pBKxSwXvE9FMPyR4UKZvpe","difficulty":16,"expires":1}',
    '{"type":"welcome","relay":"agentnet","features":["ack"]}',
    '{"type":"pong"}',
    JSON.stringify({
      type: "room.joined",
      room: "r",
      topic: "t",
      tags: null,
      members: [{ ...agentRef, joined_at: 1 }],
    }),
    JSON.stringify({ type: "room.member_joined", room: "r", agent: agentRef }),
    JSON.stringify({ type: "room.member_left", room: "r", agent: agentRef }),
    '{"type":"rooms.list.result","rooms":[{"name":"r","topic":"","tags":[],"agents":1,"last_active":2}],"has_more":false}',
    goodFrames(by)[8] as string,
    goodFrames(by)[10] as string,
    '{"type":"message.ack","id":"1","seq":1,"received_at":2}',
    '{"type":"room.history.result","room":"r","messages":[{"type":"message"}],"has_more":true}',
    '{"type":"room.closed","room":"r","reason":"idle"}',
    '{"type":"room.left","room":"r","others":0,"kept_until":5}',
    '{"type":"room.presence.result","room":"r","members":[{"id":"x","connected":true,"last_heard":4,"wakeable":"no"}]}',
    '{"type":"error","code":"TOO_NEW","message":"wait","retry_after_ms":1000}',
  ];
}
