/** How fast the processor reads: bench/compile_roofline.ts compiles it with either roofline. */

/** Where sums go, side by side so that an engine can join their vectors. */
const SUMS: usize = memory.data(128, 32);

/**
 * Reads `bytes` (a multiple of 128) once. Eight sums: with four, each waits for the addition before, and what is
 * measured is that, 97 instead of 122 GB/s on Zen 5.
 */
export function read(from: usize, bytes: i32): f32 {
  let s = f32x4.splat(0), t = s, u = s, v = s, p = s, q = s, r = s, o = s;
  const end = from + bytes;
  while (from < end) {
    s = f32x4.add(s, v128.load(from)); t = f32x4.add(t, v128.load(from, 16));
    u = f32x4.add(u, v128.load(from, 32)); v = f32x4.add(v, v128.load(from, 48));
    p = f32x4.add(p, v128.load(from, 64)); q = f32x4.add(q, v128.load(from, 80));
    r = f32x4.add(r, v128.load(from, 96)); o = f32x4.add(o, v128.load(from, 112));
    from += 128;
  }
  v128.store(SUMS, s); v128.store(SUMS, t, 16);
  v128.store(SUMS, u, 32); v128.store(SUMS, v, 48);
  v128.store(SUMS, p, 64); v128.store(SUMS, q, 80);
  v128.store(SUMS, r, 96); v128.store(SUMS, o, 112);
  return load<f32>(SUMS);
}
