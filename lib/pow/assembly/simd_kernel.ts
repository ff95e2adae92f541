// SHA-256 over twelve candidates at a time, in 128-bit SIMD.
//
// This file is AssemblyScript, compiled by `deno task wasm`; Deno never reads it.
//
// A candidate is a message of whole 64-byte blocks (the challenge and the lead
// of the proof, ending on a block's edge) and one last block that is the same
// for every lead. So the candidates form a table: leads down, last words across.
// - `midstate` hashes a lead once and runs the rounds of the last block that
//   come before its only varying word, w[13].
// - `search` expands the message schedule of four last words once, then runs
//   what is left of the compression (rounds 14 to 63) for every lead.
// Nothing is computed per candidate but those fifty rounds, and of the digest
// only its first word. What passes is for the caller to check in full.
//
// The three chains of rounds in `search` are independent: one alone waits for
// its own results, three fill the processor's ports. Measured on one core:
// 19 to 21 million hashes a second with one chain, 28 to 29 with two, 32 with
// three, and no more with four; v128.bitselect for Ch and Maj costs 15 to 30 %.

/** Round constants, FIPS 180-4 section 4.2.2. */
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

/** Leads held at a time: enough to make the schedule's cost vanish, few enough
 * that a login's 65,536 hashes don't wait for them. A multiple of CHAINS. */
export const SLOTS: i32 = 126;
/** Chains of rounds run side by side by `search`. */
export const CHAINS: i32 = 3;

/** Chaining value before the block at `blockAt`: 8 words. */
export const stateAt: usize = memory.data(32, 16);
/** The block to absorb, or the lead's last block: 16 words. */
export const blockAt: usize = memory.data(64, 16);
/** The last block of the message, padding included, with w[13] = 0: 16 words. */
export const tailAt: usize = memory.data(64, 16);
/** Four values of w[13], one a lane. */
export const lastWordAt: usize = memory.data(16, 16);
/** Four lanes of each chain after `search`: not 0 where the candidate passed. */
export const hitsAt: usize = memory.data(48, 16);

const W: usize = memory.data(256, 16); // scalar message schedule
const V: usize = memory.data(1024, 16); // schedule of four lanes, + K from 14 on

/** A slot: words 0 to 7, the state after round 13 less w[13] (to be added to a
 * and e); word 8, the first word of the chaining value. */
const STRIDE: usize = 64;
const slots: usize = memory.data(8064, 64); // SLOTS * STRIDE

/** Chaining value := the initial one, FIPS 180-4 section 5.3.3. */
export function begin(): void {
  store<u32>(stateAt, 0x6a09e667);
  store<u32>(stateAt, 0xbb67ae85, 4);
  store<u32>(stateAt, 0x3c6ef372, 8);
  store<u32>(stateAt, 0xa54ff53a, 12);
  store<u32>(stateAt, 0x510e527f, 16);
  store<u32>(stateAt, 0x9b05688c, 20);
  store<u32>(stateAt, 0x1f83d9ab, 24);
  store<u32>(stateAt, 0x5be0cd19, 28);
}

/** Chaining value := compression of the block at `blockAt`. */
export function absorb(): void {
  compress(V);
  memory.copy(stateAt, V, 32);
}

/** Fills a slot for the lead whose last block ends in the words w14, w15. */
export function midstate(slot: u32, w14: u32, w15: u32): void {
  const out = slots + <usize>slot * STRIDE;
  store<u32>(blockAt, w14, 56);
  store<u32>(blockAt, w15, 60);
  compress(out);
  store<u32>(out, load<u32>(out), 32);
  rounds(out, tailAt, 14, out);
}

function compress(out: usize): void {
  rounds(stateAt, blockAt, 64, out);
  for (let i: usize = 0; i < 32; i += 4) {
    store<u32>(out + i, load<u32>(out + i) + load<u32>(stateAt + i));
  }
}

/** The first `count` rounds (at least 14), scalar; FIPS 180-4 section 6.2.2. */
function rounds(state: usize, block: usize, count: i32, out: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(W + i, load<u32>(block + i));
  for (let i: usize = 64; i < <usize>count << 2; i += 4) {
    const p = W + i;
    store<u32>(p, sigma1(load<u32>(p - 8)) + load<u32>(p - 28) + sigma0(load<u32>(p - 60)) + load<u32>(p - 64));
  }
  let a = load<u32>(state), b = load<u32>(state, 4), c = load<u32>(state, 8), d = load<u32>(state, 12);
  let e = load<u32>(state, 16), f = load<u32>(state, 20), g = load<u32>(state, 24), h = load<u32>(state, 28);
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const s1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
    const s0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
    const t = h + s1 + (g ^ (e & (f ^ g))) + load<u32>(K + i) + load<u32>(W + i);
    const u = s0 + ((a & b) | (c & (a | b)));
    h = g; g = f; f = e; e = d + t; d = c; c = b; b = a; a = t + u;
  }
  store<u32>(out, a); store<u32>(out, b, 4); store<u32>(out, c, 8); store<u32>(out, d, 12);
  store<u32>(out, e, 16); store<u32>(out, f, 20); store<u32>(out, g, 24); store<u32>(out, h, 28);
}

// @ts-ignore: decorator
@inline function sigma0(x: u32): u32 { return rotr<u32>(x, 7) ^ rotr<u32>(x, 18) ^ (x >>> 3); }
// @ts-ignore: decorator
@inline function sigma1(x: u32): u32 { return rotr<u32>(x, 17) ^ rotr<u32>(x, 19) ^ (x >>> 10); }
// @ts-ignore: decorator
@inline function add(x: v128, y: v128): v128 { return i32x4.add(x, y); }
// @ts-ignore: decorator
@inline function xor(x: v128, y: v128): v128 { return v128.xor(x, y); }
// @ts-ignore: decorator
@inline function splat(p: usize): v128 { return v128.load32_splat(p); }
/** Both halves of a rotation to the right; SIMD has no rotate. */
// @ts-ignore: decorator
@inline function rot(x: v128, n: i32): v128 { return xor(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n)); }
// @ts-ignore: decorator
@inline function t1(h: v128, k: v128, e: v128, f: v128, g: v128): v128 {
  const ch = xor(g, v128.and(e, xor(f, g)));
  return add(add(h, k), add(ch, xor(xor(rot(e, 6), rot(e, 11)), rot(e, 25))));
}
/** `ab` = a ^ b, `bc` = b ^ c, which was the round before's `ab`. */
// @ts-ignore: decorator
@inline function t2(a: v128, b: v128, ab: v128, bc: v128): v128 {
  const maj = xor(b, v128.and(ab, bc));
  return add(xor(xor(rot(a, 2), rot(a, 13)), rot(a, 22)), maj);
}

/** V := the message schedule of the four last words, from 14 on with K added. */
function schedule(): void {
  for (let i: usize = 0; i < 16; i++) v128.store(V + (i << 4), splat(tailAt + (i << 2)));
  v128.store(V, v128.load(lastWordAt), 208);
  for (let p: usize = V + 256; p < V + 1024; p += 16) {
    const x = v128.load(p - 32), y = v128.load(p - 240);
    const s1 = xor(xor(rot(x, 17), rot(x, 19)), i32x4.shr_u(x, 10));
    const s0 = xor(xor(rot(y, 7), rot(y, 18)), i32x4.shr_u(y, 3));
    v128.store(p, add(add(s1, v128.load(p - 112)), add(s0, v128.load(p - 256))));
  }
  for (let i: usize = 14; i < 64; i++) {
    v128.store(V + (i << 4), add(v128.load(V + (i << 4)), splat(K + (i << 2))));
  }
}

/** Tries the four last words with the leads from slot `from` (a multiple of
 * CHAINS) on. Returns the first slot of the first CHAINS slots in which a
 * candidate's digest has no bit of `mask` in its first word, with `hitsAt`
 * saying which; -1 if there is none. */
export function search(from: i32, mask: u32): i32 {
  schedule();
  const w13 = v128.load(lastWordAt), m = i32x4.splat(mask), zero = i32x4.splat(0);
  let k: v128;
  for (let slot = from; slot < SLOTS; slot += CHAINS) {
    const p = slots + <usize>slot * STRIDE, q = p + STRIDE, r = q + STRIDE;
    let a1 = add(splat(p), w13), b1 = splat(p + 4), c1 = splat(p + 8), d1 = splat(p + 12);
    let e1 = add(splat(p + 16), w13), f1 = splat(p + 20), g1 = splat(p + 24), h1 = splat(p + 28);
    let x1: v128, y1 = xor(b1, c1);
    let a2 = add(splat(q), w13), b2 = splat(q + 4), c2 = splat(q + 8), d2 = splat(q + 12);
    let e2 = add(splat(q + 16), w13), f2 = splat(q + 20), g2 = splat(q + 24), h2 = splat(q + 28);
    let x2: v128, y2 = xor(b2, c2);
    let a3 = add(splat(r), w13), b3 = splat(r + 4), c3 = splat(r + 8), d3 = splat(r + 12);
    let e3 = add(splat(r + 16), w13), f3 = splat(r + 20), g3 = splat(r + 24), h3 = splat(r + 28);
    let x3: v128, y3 = xor(b3, c3);
    k = v128.load(V, 224);
    h1 = t1(h1, k, e1, f1, g1); d1 = add(d1, h1); x1 = xor(a1, b1); h1 = add(h1, t2(a1, b1, x1, y1));
    h2 = t1(h2, k, e2, f2, g2); d2 = add(d2, h2); x2 = xor(a2, b2); h2 = add(h2, t2(a2, b2, x2, y2));
    h3 = t1(h3, k, e3, f3, g3); d3 = add(d3, h3); x3 = xor(a3, b3); h3 = add(h3, t2(a3, b3, x3, y3));
    k = v128.load(V, 240);
    g1 = t1(g1, k, d1, e1, f1); c1 = add(c1, g1); y1 = xor(h1, a1); g1 = add(g1, t2(h1, a1, y1, x1));
    g2 = t1(g2, k, d2, e2, f2); c2 = add(c2, g2); y2 = xor(h2, a2); g2 = add(g2, t2(h2, a2, y2, x2));
    g3 = t1(g3, k, d3, e3, f3); c3 = add(c3, g3); y3 = xor(h3, a3); g3 = add(g3, t2(h3, a3, y3, x3));
    for (let v: usize = V + 256; v < V + 1024; v += 128) {
      k = v128.load(v);
      f1 = t1(f1, k, c1, d1, e1); b1 = add(b1, f1); x1 = xor(g1, h1); f1 = add(f1, t2(g1, h1, x1, y1));
      f2 = t1(f2, k, c2, d2, e2); b2 = add(b2, f2); x2 = xor(g2, h2); f2 = add(f2, t2(g2, h2, x2, y2));
      f3 = t1(f3, k, c3, d3, e3); b3 = add(b3, f3); x3 = xor(g3, h3); f3 = add(f3, t2(g3, h3, x3, y3));
      k = v128.load(v, 16);
      e1 = t1(e1, k, b1, c1, d1); a1 = add(a1, e1); y1 = xor(f1, g1); e1 = add(e1, t2(f1, g1, y1, x1));
      e2 = t1(e2, k, b2, c2, d2); a2 = add(a2, e2); y2 = xor(f2, g2); e2 = add(e2, t2(f2, g2, y2, x2));
      e3 = t1(e3, k, b3, c3, d3); a3 = add(a3, e3); y3 = xor(f3, g3); e3 = add(e3, t2(f3, g3, y3, x3));
      k = v128.load(v, 32);
      d1 = t1(d1, k, a1, b1, c1); h1 = add(h1, d1); x1 = xor(e1, f1); d1 = add(d1, t2(e1, f1, x1, y1));
      d2 = t1(d2, k, a2, b2, c2); h2 = add(h2, d2); x2 = xor(e2, f2); d2 = add(d2, t2(e2, f2, x2, y2));
      d3 = t1(d3, k, a3, b3, c3); h3 = add(h3, d3); x3 = xor(e3, f3); d3 = add(d3, t2(e3, f3, x3, y3));
      k = v128.load(v, 48);
      c1 = t1(c1, k, h1, a1, b1); g1 = add(g1, c1); y1 = xor(d1, e1); c1 = add(c1, t2(d1, e1, y1, x1));
      c2 = t1(c2, k, h2, a2, b2); g2 = add(g2, c2); y2 = xor(d2, e2); c2 = add(c2, t2(d2, e2, y2, x2));
      c3 = t1(c3, k, h3, a3, b3); g3 = add(g3, c3); y3 = xor(d3, e3); c3 = add(c3, t2(d3, e3, y3, x3));
      k = v128.load(v, 64);
      b1 = t1(b1, k, g1, h1, a1); f1 = add(f1, b1); x1 = xor(c1, d1); b1 = add(b1, t2(c1, d1, x1, y1));
      b2 = t1(b2, k, g2, h2, a2); f2 = add(f2, b2); x2 = xor(c2, d2); b2 = add(b2, t2(c2, d2, x2, y2));
      b3 = t1(b3, k, g3, h3, a3); f3 = add(f3, b3); x3 = xor(c3, d3); b3 = add(b3, t2(c3, d3, x3, y3));
      k = v128.load(v, 80);
      a1 = t1(a1, k, f1, g1, h1); e1 = add(e1, a1); y1 = xor(b1, c1); a1 = add(a1, t2(b1, c1, y1, x1));
      a2 = t1(a2, k, f2, g2, h2); e2 = add(e2, a2); y2 = xor(b2, c2); a2 = add(a2, t2(b2, c2, y2, x2));
      a3 = t1(a3, k, f3, g3, h3); e3 = add(e3, a3); y3 = xor(b3, c3); a3 = add(a3, t2(b3, c3, y3, x3));
      k = v128.load(v, 96);
      h1 = t1(h1, k, e1, f1, g1); d1 = add(d1, h1); x1 = xor(a1, b1); h1 = add(h1, t2(a1, b1, x1, y1));
      h2 = t1(h2, k, e2, f2, g2); d2 = add(d2, h2); x2 = xor(a2, b2); h2 = add(h2, t2(a2, b2, x2, y2));
      h3 = t1(h3, k, e3, f3, g3); d3 = add(d3, h3); x3 = xor(a3, b3); h3 = add(h3, t2(a3, b3, x3, y3));
      k = v128.load(v, 112);
      g1 = t1(g1, k, d1, e1, f1); c1 = add(c1, g1); y1 = xor(h1, a1); g1 = add(g1, t2(h1, a1, y1, x1));
      g2 = t1(g2, k, d2, e2, f2); c2 = add(c2, g2); y2 = xor(h2, a2); g2 = add(g2, t2(h2, a2, y2, x2));
      g3 = t1(g3, k, d3, e3, f3); c3 = add(c3, g3); y3 = xor(h3, a3); g3 = add(g3, t2(h3, a3, y3, x3));
    }
    const hit1 = i32x4.eq(v128.and(add(g1, splat(p + 32)), m), zero);
    const hit2 = i32x4.eq(v128.and(add(g2, splat(q + 32)), m), zero);
    const hit3 = i32x4.eq(v128.and(add(g3, splat(r + 32)), m), zero);
    if (v128.any_true(v128.or(hit1, v128.or(hit2, hit3)))) {
      v128.store(hitsAt, hit1);
      v128.store(hitsAt, hit2, 16);
      v128.store(hitsAt, hit3, 32);
      return slot;
    }
  }
  return -1;
}
